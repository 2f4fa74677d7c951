import HiveModel

/// Writes shapes as JSON Schema 2020-12, the dialect of OpenAPI 3.1.
enum SchemaWriter {
    static func write(_ schema: Schema, to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(schema, summary: nil, to: &writer)
        writer.endObject()
    }

    private static func writeMembers(_ schema: Schema, summary: String?, to writer: inout JSONWriter) {
        switch schema {
        case .string(let shape): writeString(shape, to: &writer)
        case .integer(let shape):
            writer.member("type", "integer")
            if let min = shape.min { writeNumber("minimum", min, to: &writer) }
            if let max = shape.max, !shape.clampsAtMax { writeNumber("maximum", max, to: &writer) }
        case .boolean: writer.member("type", "boolean")
        case .literals(let numbers):
            writer.member("type", "integer")
            writer.key("enum")
            writer.beginArray()
            for number in numbers { writer.int(number) }
            writer.endArray()
        case .array(let element, let minCount):
            writer.member("type", "array")
            if minCount > 0 { writeNumber("minItems", Int64(minCount), to: &writer) }
            writer.key("items")
            write(element, to: &writer)
        case .object(let shape): writeObject(shape, to: &writer)
        case .map(let element):
            writer.member("type", "object")
            writer.key("additionalProperties")
            write(element, to: &writer)
        case .anyObject: writer.member("type", "object")
        case .nullable(let inner):
            writer.key("anyOf")
            writer.beginArray()
            write(inner, to: &writer)
            writer.beginObject()
            writer.member("type", "null")
            writer.endObject()
            writer.endArray()
        case .named(let name, _), .reference(let name):
            writer.member("$ref", "#/components/schemas/\(name)")
        case .any: break
        }
        if let summary { writer.member("description", summary) }
    }

    private static func writeString(_ shape: StringShape, to writer: inout JSONWriter) {
        writer.member("type", "string")
        if let min = shape.min { writeNumber("minLength", Int64(min), to: &writer) }
        if let max = shape.max { writeNumber("maxLength", Int64(max), to: &writer) }
        if let pattern = shape.pattern { writer.member("pattern", pattern.source) }
        if let format = shape.format { writer.member("format", format.rawValue) }
        guard !shape.options.isEmpty else { return }
        writer.key("enum")
        writer.beginArray()
        for option in shape.options { writer.string(option) }
        writer.endArray()
    }

    private static func writeObject(_ shape: ObjectShape, to writer: inout JSONWriter) {
        writer.member("type", "object")
        writer.key("properties")
        writer.beginObject()
        for field in shape.fields {
            writer.key(text: field.name)
            writer.beginObject()
            writeMembers(field.schema, summary: field.summary, to: &writer)
            writer.endObject()
        }
        writer.endObject()
        let required = shape.fields.filter(\.isRequired).map(\.name)
        if !required.isEmpty {
            writer.key("required")
            writer.beginArray()
            for name in required { writer.string(name) }
            writer.endArray()
        }
        if shape.isStrict {
            writer.key("additionalProperties")
            writer.bool(false)
        }
        if !shape.rules.isEmpty {
            writer.member("description", shape.rules.map(\.sentence).joined(separator: " "))
        }
    }

    private static func writeNumber(_ key: StaticString, _ number: Int64, to writer: inout JSONWriter) {
        writer.key(key)
        writer.int(number)
    }
}
