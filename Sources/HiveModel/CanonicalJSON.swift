/// RFC 8785, the JSON Canonicalization Scheme: one byte sequence for one value.
public enum CanonicalJSON {
    /// Whether `bytes` are a JSON text in its RFC 8785 form; what is no JSON at all is not.
    public static func isCanonical(_ bytes: [UInt8], depthMax: Int = Limits.depthMax) -> Bool {
        let end = bytes.withUnsafeBufferPointer { CanonicalScan.end(of: $0, from: 0, depthMax: depthMax) }
        if end == bytes.count { return true }
        let limits = JSONLimits(bytesMax: bytes.count, depthMax: depthMax)
        guard let value = try? JSONValue(parsing: bytes, limits: limits) else { return false }
        return value.canonicalBytes() == bytes
    }

    /// The RFC 8785 form of any JSON text.
    public static func canonicalise(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) -> [UInt8] {
        try JSONValue(parsing: bytes, limits: limits).canonicalBytes()
    }
}

extension JSONValue: JSONWritable {
    /// The RFC 8785 form.
    public func canonicalBytes() -> [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    /// Writes the RFC 8785 form.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let flag): writer.bool(flag)
        case .int(let number): writer.int(number)
        case .double(let number): writer.double(number)
        case .string(let text): writer.string(text)
        case .array(let elements):
            writer.beginArray()
            for element in elements { element.write(to: &writer) }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            for member in Self.ascending(members) { writer.member(member) }
            writer.endObject()
        }
    }

    /// The members in order, whoever made them.
    private static func ascending(_ members: [JSONMember]) -> [JSONMember] {
        if JSONMember.areAscending(members) { return members }
        return JSONValue.object(unsorted: members).members ?? []
    }
}

extension JSONWriter {
    mutating func member(_ member: JSONMember) {
        key(text: member.key)
        member.value.write(to: &self)
    }
}
