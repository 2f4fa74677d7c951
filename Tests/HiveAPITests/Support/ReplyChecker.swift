import HTTPTypes
import HiveAPI
import HiveHTTP
import HiveModel
import HivePorts

/// Holds replies against `/openapi.json`: the status must be declared, and the body must have exactly the declared
/// keys, types and values.
struct ReplyChecker {
    let document: JSONValue

    /// The operation of a method and a concrete path; nil where the document has none.
    func operation(_ method: String, _ path: String) -> JSONValue? {
        let wanted = path.split(separator: "/")
        let matching = (document["paths"]?.members ?? []).filter { member in
            let parts = member.key.split(separator: "/")
            return parts.count == wanted.count
                && zip(parts, wanted).allSatisfy { $0 == $1 || ($0.first == "{" && $0.last == "}") }
        }
        // A path without parameters wins, as in the router.
        let best = matching.min { $0.key.filter { $0 == "{" }.count < $1.key.filter { $0 == "{" }.count }
        return best?.value[method.lowercased()]
    }

    /// What is wrong with a reply; empty where nothing is.
    func problems(_ method: String, _ path: String, status: Int, body: JSONValue?) -> [String] {
        guard let operation = operation(method, path) else { return ["\(method) \(path) is not in the document"] }
        guard let response = operation["responses"]?[String(status)] else {
            return ["\(method) \(path) does not declare status \(status)"]
        }
        guard let content = response["content"] else {
            return body == nil ? [] : ["\(method) \(path) \(status) has a body that is not declared"]
        }
        guard let schema = content["application/json"]?["schema"], let body else {
            return ["\(method) \(path) \(status) lacks its body"]
        }
        return problems(body, schema, at: "\(method) \(path) \(status)")
    }

    private func problems(_ value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
        if let reference = schema["$ref"]?.string {
            let name = String(reference.dropFirst("#/components/schemas/".count))
            guard let target = document["components"]?["schemas"]?[name] else { return ["\(place): no schema \(name)"] }
            return problems(value, target, at: place)
        }
        if let alternatives = schema["anyOf"]?.array ?? schema["oneOf"]?.array {
            let found = alternatives.map { problems(value, $0, at: place) }
            return found.contains(where: \.isEmpty) ? [] : found.flatMap { $0 }
        }
        if let allowed = schema["enum"]?.array, !allowed.contains(value) { return ["\(place): \(value) is no option"] }
        switch schema["type"]?.string {
        case nil: return []
        case "string": return textProblems(value, schema, at: place)
        case "integer":
            guard let number = value.int else { return ["\(place): no integer"] }
            return number >= schema["minimum"]?.int ?? number ? [] : ["\(place): \(number) is too small"]
        case "boolean": return value.bool == nil ? ["\(place): no boolean"] : []
        case "null": return value.isNull ? [] : ["\(place): not null"]
        case "array":
            guard let elements = value.array, let items = schema["items"] else { return ["\(place): no array"] }
            return elements.enumerated().flatMap { problems($1, items, at: "\(place)[\($0)]") }
        default: return objectProblems(value, schema, at: place)
        }
    }

    private func textProblems(_ value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
        guard let text = value.string else { return ["\(place): no string"] }
        guard schema["format"]?.string == "date-time" else { return [] }
        return ISOTime.milliseconds(text) != nil && text.utf8.count == 24 ? [] : ["\(place): '\(text)' is no time"]
    }

    private func objectProblems(_ value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
        guard let members = value.members else { return ["\(place): no object"] }
        if let shape = schema["additionalProperties"], shape.bool == nil {
            return members.flatMap { problems($0.value, shape, at: "\(place).\($0.key)") }
        }
        guard let properties = schema["properties"] else { return [] }
        var found: [String] = []
        for name in schema["required"]?.array?.compactMap(\.string) ?? [] where value[name] == nil {
            found.append("\(place): lacks '\(name)'")
        }
        for member in members {
            if let property = properties[member.key] {
                found += problems(member.value, property, at: "\(place).\(member.key)")
            } else if members.contains(where: { $0.key == "code" && $0.value.string != nil }) == false {
                // Issues of validation carry more members, each code its own.
                found.append("\(place): has '\(member.key)', which is not declared")
            }
        }
        return found
    }
}
