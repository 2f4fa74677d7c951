/// Where a payload holds numbers that are no integers: a setting's `value` may, nothing else.
enum PayloadFractions: Hashable { case none, inValue, elsewhere }

extension EventPayload {
    /// Reads a payload's RFC 8785 form, whatever form it arrived in, and where it holds fractions.
    static func canonicalBytes(_ scanner: inout JSONScanner) throws(JSONError) -> ([UInt8], PayloadFractions) {
        guard try scanner.kind() == .object else {
            throw JSONError(.type, at: scanner.offset, "payload should be an object.")
        }
        let start = scanner.offset
        var payload: [UInt8]
        var fractions = PayloadFractions.none
        if let end = CanonicalScan.end(of: scanner.bytes, from: start, depthMax: Limits.depthMax) {
            scanner.offset = end
            payload = Array(scanner.bytes[start..<end])
        } else {
            let limits = JSONLimits(bytesMax: scanner.limits.bytesMax, allowsNegativeZero: false)
            let value = try scanner.nested(limits) { (scanner) throws(JSONError) in try scanner.value() }
            payload = value.canonicalBytes()
            fractions = Self.fractions(in: value)
        }
        guard payload.count <= Limits.payloadBytesMax else {
            throw JSONError(.limit, at: start, "The payload is longer than \(Limits.payloadBytesMax) bytes.")
        }
        return (payload, fractions)
    }

    private static func fractions(in payload: JSONValue) -> PayloadFractions {
        var found = PayloadFractions.none
        for member in payload.members ?? [] where member.value.holdsFraction {
            guard member.key == "value" else { return .elsewhere }
            found = .inValue
        }
        return found
    }
}

extension JSONValue {
    /// Whether it holds a number that is no integer within 2^53 - 1, at any depth.
    fileprivate var holdsFraction: Bool {
        switch self {
        case .double: true
        case .null, .bool, .int, .string: false
        case .array(let elements): elements.contains { $0.holdsFraction }
        case .object(let members): members.contains { $0.value.holdsFraction }
        }
    }
}

extension JSONScanner {
    /// Reads with other limits, whose depth counts from here.
    mutating func nested<Result>(
        _ limits: JSONLimits,
        _ body: (inout JSONScanner) throws(JSONError) -> Result
    ) throws(JSONError) -> Result {
        let outer = (self.limits, depth)
        self.limits = limits
        depth = 0
        defer { (self.limits, depth) = outer }
        return try body(&self)
    }
}
