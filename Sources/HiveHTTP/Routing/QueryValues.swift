import HiveModel
import HivePorts

/// The declared parameters of a query string, checked against their schemas.
///
/// Parameters no route declares are ignored.
public struct QueryValues: Sendable {
    private var texts: [String: String] = [:]
    private var numbers: [String: Int64] = [:]
    private var flags: [String: Bool] = [:]

    /// - Throws: `ValidationError` with every issue; `HiveError(.badRequest)` for broken escapes.
    init(query: String, parameters: [Route.Parameter]) throws {
        let declared = parameters.filter { $0.place == .query }
        guard !declared.isEmpty else { return }
        var sent: [String: [String]] = [:]
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            guard let key = PercentDecoding.decode(name, plusIsSpace: true),
                let value = PercentDecoding.decode(pair.dropFirst(name.count + 1), plusIsSpace: true)
            else {
                throw HiveError(.badRequest, "The query holds a broken percent escape or bytes that are not UTF-8.")
            }
            sent[key, default: []].append(value)
        }
        var issues: [ValidationIssue] = []
        for parameter in declared {
            issues += take(parameter, sent[parameter.name] ?? [])
        }
        guard issues.isEmpty else { throw ValidationError(issues) }
    }

    public func string(_ name: String) -> String? { texts[name] }

    public func integer(_ name: String) -> Int64? { numbers[name] }

    public func flag(_ name: String) -> Bool? { flags[name] }

    private mutating func take(_ parameter: Route.Parameter, _ values: [String]) -> [ValidationIssue] {
        let path = [ValidationIssue.PathPart.key(parameter.name)]
        guard let text = values.first else {
            guard parameter.isRequired else { return [] }
            return [.invalidType(expected: "string", received: "undefined", path: path)]
        }
        guard values.count == 1 else { return [.invalidType(expected: "string", received: "array", path: path)] }
        switch parameter.schema {
        case .integer(let shape): return takeInteger(parameter.name, text, shape, path: path)
        case .boolean: return takeFlag(parameter.name, text, path: path)
        case .string(let shape):
            texts[parameter.name] = text
            return SchemaValidator.issues(of: text, shape, path: path)
        default:
            texts[parameter.name] = text
            return []
        }
    }

    private mutating func takeInteger(
        _ name: String,
        _ text: String,
        _ shape: IntegerShape,
        path: [ValidationIssue.PathPart]
    ) -> [ValidationIssue] {
        guard let sent = Int64(text), abs(sent) <= Limits.integerMax else {
            let isFloat = Double(text).map { $0.isFinite } ?? false
            return [
                isFloat
                    ? .invalidType(expected: "integer", received: "float", path: path)
                    : .invalidType(expected: "number", received: "nan", path: path)
            ]
        }
        let number = shape.clampsAtMax ? min(sent, shape.max ?? sent) : sent
        numbers[name] = number
        return SchemaValidator.issues(of: number, shape, path: path)
    }

    private mutating func takeFlag(
        _ name: String,
        _ text: String,
        path: [ValidationIssue.PathPart]
    ) -> [ValidationIssue] {
        switch text {
        case "true", "1": flags[name] = true
        case "false", "0", "": flags[name] = false
        default: return [.invalidType(expected: "boolean", received: "string", path: path)]
        }
        return []
    }
}
