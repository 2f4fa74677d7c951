import HiveModel

/// Compares a parsed JSON value with its schema and collects everything that is wrong, not only the first thing.
struct SchemaValidator {
    private(set) var issues: [ValidationIssue] = []
    private var path: [ValidationIssue.PathPart] = []

    mutating func check(_ value: JSONValue, _ schema: Schema) {
        switch schema {
        case .any, .reference:
            break
        case .nullable(let inner):
            if case .null = value { return }
            check(value, inner)
        case .named(_, let inner):
            check(value, inner)
        case .boolean:
            guard case .bool = value else { return refuse(value, expected: "boolean") }
        case .string(let shape):
            guard case .string(let text) = value else { return refuse(value, expected: "string") }
            issues += Self.issues(of: text, shape, path: path)
        case .integer(let shape):
            checkInteger(value, shape)
        case .literals(let allowed):
            guard case .int(let number) = value, allowed.contains(number) else {
                issues.append(.invalidLiteral(expected: allowed, path: path))
                return
            }
        case .array(let element, let minCount):
            checkArray(value, element, minCount: minCount)
        case .object(let shape):
            checkObject(value, shape)
        case .map(let element):
            guard case .object(let members) = value else { return refuse(value, expected: "object") }
            for member in members { check(member.value, element, at: .key(member.key)) }
        case .anyObject:
            guard case .object = value else { return refuse(value, expected: "object") }
        }
    }

    private mutating func check(_ value: JSONValue, _ schema: Schema, at part: ValidationIssue.PathPart) {
        path.append(part)
        check(value, schema)
        path.removeLast()
    }

    private mutating func refuse(_ value: JSONValue, expected: String) {
        issues.append(.invalidType(expected: expected, received: Self.typeName(of: value), path: path))
    }

    private mutating func checkInteger(_ value: JSONValue, _ shape: IntegerShape) {
        switch value {
        case .int(let number):
            issues += Self.issues(of: number, shape, path: path)
        case .double:
            issues.append(.invalidType(expected: "integer", received: "float", path: path))
        default:
            refuse(value, expected: "number")
        }
    }

    private mutating func checkArray(_ value: JSONValue, _ element: Schema, minCount: Int) {
        guard case .array(let elements) = value else { return refuse(value, expected: "array") }
        if elements.count < minCount {
            issues.append(.tooSmall(minimum: Int64(minCount), type: "array", path: path))
        }
        for (index, item) in elements.enumerated() { check(item, element, at: .index(index)) }
    }

    private mutating func checkObject(_ value: JSONValue, _ shape: ObjectShape) {
        guard case .object(let members) = value else { return refuse(value, expected: "object") }
        let object = RequestObject(members)
        let before = issues.count
        for field in shape.fields {
            if let member = object[field.name] {
                check(member, field.schema, at: .key(field.name))
            } else if field.isRequired {
                issues.append(
                    .invalidType(
                        expected: Self.typeName(of: field.schema),
                        received: "undefined",
                        path: path + [.key(field.name)]
                    )
                )
            }
        }
        if shape.isStrict {
            let unknown = members.map(\.key).filter { key in !shape.fields.contains { $0.name == key } }
            if !unknown.isEmpty { issues.append(.unknownKeys(unknown, path: path)) }
        }
        guard issues.count == before else { return }
        for rule in shape.rules where !rule.holds(object) {
            issues.append(.custom(rule.sentence, path: path))
        }
    }

    /// What is wrong with a text under a shape.
    static func issues(of text: String, _ shape: StringShape, path: [ValidationIssue.PathPart]) -> [ValidationIssue] {
        guard shape.options.isEmpty else {
            return shape.options.contains(text)
                ? [] : [.invalidOption(received: text, options: shape.options, path: path)]
        }
        var issues: [ValidationIssue] = []
        // A UTF-16 count walks the text; most texts are short of the bound even in bytes.
        if let min = shape.min, text.utf16.count < min {
            issues.append(.tooSmall(minimum: Int64(min), type: "string", path: path))
        }
        if let max = shape.max, text.utf8.count > max, text.utf16.count > max {
            issues.append(.tooBig(maximum: Int64(max), type: "string", path: path))
        }
        if let pattern = shape.pattern, !pattern.matches(text) {
            issues.append(.invalidString(validation: "regex", path: path))
        }
        switch shape.format {
        case .url where !WebURL.isValid(text):
            issues.append(.invalidString(validation: "url", path: path))
        case .dateTime where ISOTime.milliseconds(text) == nil:
            issues.append(.invalidString(validation: "datetime", path: path))
        default: break
        }
        if text.utf8.contains(0) {
            issues.append(.custom("A text can't contain the character U+0000", path: path))
        }
        return issues
    }

    /// What is wrong with a number under a shape.
    static func issues(of number: Int64, _ shape: IntegerShape, path: [ValidationIssue.PathPart]) -> [ValidationIssue] {
        if let min = shape.min, number < min { return [.tooSmall(minimum: min, type: "number", path: path)] }
        if let max = shape.max, number > max { return [.tooBig(maximum: max, type: "number", path: path)] }
        return []
    }

    /// The word zod uses for a value's type.
    static func typeName(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .int, .double: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    private static func typeName(of schema: Schema) -> String {
        switch schema {
        case .string: "string"
        case .integer, .literals: "number"
        case .boolean: "boolean"
        case .array: "array"
        case .object, .map, .anyObject: "object"
        case .nullable(let inner), .named(_, let inner): typeName(of: inner)
        case .reference, .any: "any"
        }
    }
}
