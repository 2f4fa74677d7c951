extension JSONScanner {
    /// Reads a whole value of any type.
    public mutating func value() throws(JSONError) -> JSONValue {
        switch try kind() {
        case .null:
            try literal("null")
            return .null
        case .bool: return .bool(try bool())
        case .number: return try number()
        case .string: return .string(try stringToken().text)
        case .array: return try array()
        case .object: return try object()
        }
    }

    /// Reads a value and answers where it stands.
    public mutating func skip() throws(JSONError) -> Range<Int> {
        skipSpace()
        let start = offset
        if let end = CanonicalScan.end(of: bytes, from: start, depthMax: limits.depthMax - depth) {
            offset = end
        } else {
            _ = try value()
        }
        return start..<offset
    }

    /// An integer in digits alone, of -(2^53 - 1) to 2^53 - 1; `-0` is refused.
    public mutating func integer() throws(JSONError) -> Int64 {
        guard try kind() == .number else { throw mismatch("an integer") }
        let start = offset
        let digits = try integerDigits()
        if offset < bytes.count, Self.continuesNumber(bytes[offset]) {
            throw JSONError(.number, at: start, "The number should be an integer in plain digits.")
        }
        guard let magnitude = digits.magnitude else {
            throw JSONError(.number, at: start, "The integer is beyond 2^53 - 1.")
        }
        guard !(digits.isNegative && magnitude == 0) else {
            throw JSONError(.number, at: start, "-0 is not taken here.")
        }
        return digits.isNegative ? -magnitude : magnitude
    }

    /// The number that is next, as an integer where it is one within 2^53 - 1.
    mutating func number() throws(JSONError) -> JSONValue {
        if limits.integersOnly { return .int(try integer()) }
        let start = offset
        let digits = try integerDigits()
        let isPlain = offset >= bytes.count || !Self.continuesNumber(bytes[offset])
        if isPlain, let magnitude = digits.magnitude {
            guard magnitude != 0 || !digits.isNegative else { return try negativeZero(at: start) }
            return .int(digits.isNegative ? -magnitude : magnitude)
        }
        try fractionAndExponent()
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<offset]), as: UTF8.self)
        guard let double = Double(text), double.isFinite else {
            throw JSONError(.number, at: start, "The number is too large.")
        }
        if double == 0, digits.isNegative { return try negativeZero(at: start) }
        guard double.rounded(.towardZero) == double, abs(double) <= Double(Limits.integerMax) else {
            return .double(double)
        }
        return .int(Int64(double))
    }

    private func negativeZero(at start: Int) throws(JSONError) -> JSONValue {
        guard limits.allowsNegativeZero else { throw JSONError(.number, at: start, "-0 is not taken here.") }
        return .int(0)
    }

    /// Sign and digits before a point; the magnitude is nil beyond 2^53 - 1.
    private mutating func integerDigits() throws(JSONError) -> (isNegative: Bool, magnitude: Int64?) {
        let isNegative = bytes[offset] == UInt8(ascii: "-")
        if isNegative { offset += 1 }
        guard offset < bytes.count, Self.isDigit(bytes[offset]) else { throw failure("A digit should stand here.") }
        if bytes[offset] == UInt8(ascii: "0") {
            offset += 1
            guard offset >= bytes.count || !Self.isDigit(bytes[offset]) else {
                throw failure("A number does not begin with 0.")
            }
            return (isNegative, 0)
        }
        var magnitude: Int64 = 0
        while offset < bytes.count, Self.isDigit(bytes[offset]) {
            if magnitude <= Limits.integerMax {
                magnitude = magnitude * 10 + Int64(bytes[offset] - UInt8(ascii: "0"))
            }
            offset += 1
        }
        return (isNegative, magnitude <= Limits.integerMax ? magnitude : nil)
    }

    private mutating func fractionAndExponent() throws(JSONError) {
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            offset += 1
            try oneOrMoreDigits()
        }
        guard offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") else { return }
        offset += 1
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") {
            offset += 1
        }
        try oneOrMoreDigits()
    }

    private mutating func oneOrMoreDigits() throws(JSONError) {
        let start = offset
        while offset < bytes.count, Self.isDigit(bytes[offset]) { offset += 1 }
        guard offset > start else { throw failure("A digit should stand here.") }
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        try beginArray()
        var elements = [JSONValue]()
        while try nextElement() { elements.append(try value()) }
        return .array(elements)
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        let start = offset
        try beginObject()
        var members = [JSONMember]()
        while let key = try nextKey() {
            let name = key.text
            members.append(JSONMember(name, try value()))
        }
        if !JSONMember.areAscending(members) {
            members.sort { JSONMember.comesBefore($0.key, $1.key) }
            guard JSONMember.areAscending(members) else {
                throw JSONError(.duplicateKey, at: start, "An object names one of its members twice.")
            }
        }
        return .object(members)
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    static func continuesNumber(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") }
}
