/// Reads JSON (RFC 8259) value by value from bytes that stay in place; strict about everything and never trapping.
///
/// An object is read with `beginObject`, then `nextKey` and one value until the key is nil; an array with `beginArray`,
/// then one value as long as `nextElement` says so. `value` and `skip` refuse repeated keys; who reads an object key by
/// key must. A scanner and the keys it gives MUST NOT leave the closure of `scan`.
public struct JSONScanner {
    let bytes: UnsafeBufferPointer<UInt8>
    /// How many bytes were read.
    public internal(set) var offset: Int
    public var limits: JSONLimits
    /// Arrays and objects that are open.
    var depth = 0
    /// Right behind an opening bracket, where no comma is due.
    private var isAtStart = false

    init(_ bytes: UnsafeBufferPointer<UInt8>, from offset: Int = 0, limits: JSONLimits) {
        self.bytes = bytes
        self.offset = offset
        self.limits = limits
    }

    /// Calls `body` with a scanner at the start of `bytes`.
    public static func scan<Result, Failure: Error>(
        _ bytes: [UInt8],
        limits: JSONLimits = JSONLimits(),
        _ body: (inout JSONScanner) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try bytes.withUnsafeBufferPointer { (buffer) throws(Failure) in
            var scanner = JSONScanner(buffer, limits: limits)
            return try body(&scanner)
        }
    }

    // MARK: Structure

    /// The type of the value that comes next.
    public mutating func kind() throws(JSONError) -> JSONKind {
        skipSpace()
        guard offset < bytes.count else { throw failure("The text ends where a value should stand.") }
        switch bytes[offset] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: throw failure("No JSON value begins here.")
        }
    }

    public mutating func beginObject() throws(JSONError) { try open(UInt8(ascii: "{"), "an object") }

    public mutating func beginArray() throws(JSONError) { try open(UInt8(ascii: "["), "an array") }

    /// The next member's key, its value being next; nil, and the object left, at its end.
    public mutating func nextKey() throws(JSONError) -> JSONKey? {
        guard try advance(to: UInt8(ascii: "}"), "an object") else { return nil }
        skipSpace()
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
            throw failure("An object's member begins with its name in quotes.")
        }
        let key = try stringToken()
        skipSpace()
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: ":") else {
            throw failure("A colon should follow the member's name.")
        }
        offset += 1
        return key
    }

    /// Whether another element is next; false, and the array left, at its end.
    public mutating func nextElement() throws(JSONError) -> Bool {
        try advance(to: UInt8(ascii: "]"), "an array")
    }

    /// Checks that nothing but white space follows.
    public mutating func finish() throws(JSONError) {
        skipSpace()
        guard offset == bytes.count else { throw failure("Something follows the end of the JSON value.") }
    }

    // MARK: Scalars

    public mutating func bool() throws(JSONError) -> Bool {
        guard try kind() == .bool else { throw mismatch("true or false") }
        let isTrue = bytes[offset] == UInt8(ascii: "t")
        try literal(isTrue ? "true" : "false")
        return isTrue
    }

    /// Consumes a `null`; false where another value is next.
    public mutating func null() throws(JSONError) -> Bool {
        guard try kind() == .null else { return false }
        try literal("null")
        return true
    }

    mutating func literal(_ word: StaticString) throws(JSONError) {
        guard Bytes.matches(bytes, at: offset, word) else { throw failure("No JSON value begins here.") }
        offset += word.utf8CodeUnitCount
    }

    // MARK: Inside

    mutating func skipSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }

    func failure(_ message: String) -> JSONError { JSONError(.syntax, at: offset, message) }

    func mismatch(_ wanted: String) -> JSONError { JSONError(.type, at: offset, "The value should be \(wanted).") }

    private mutating func open(_ bracket: UInt8, _ name: StaticString) throws(JSONError) {
        skipSpace()
        guard offset < bytes.count, bytes[offset] == bracket else {
            _ = try kind()
            throw mismatch(name.description)
        }
        guard bytes.count <= limits.bytesMax else {
            throw JSONError(.limit, at: limits.bytesMax, "The text is longer than \(limits.bytesMax) bytes.")
        }
        guard depth < limits.depthMax else {
            throw JSONError(.limit, at: offset, "The text is nested deeper than \(limits.depthMax) levels.")
        }
        depth += 1
        offset += 1
        isAtStart = true
    }

    /// Moves to the next member or element, past its comma; false behind the closing bracket.
    private mutating func advance(to bracket: UInt8, _ name: StaticString) throws(JSONError) -> Bool {
        skipSpace()
        guard offset < bytes.count else { throw failure("The text ends inside \(name).") }
        if bytes[offset] == bracket {
            depth -= 1
            offset += 1
            isAtStart = false
            return false
        }
        if isAtStart {
            isAtStart = false
            return true
        }
        guard bytes[offset] == UInt8(ascii: ",") else {
            throw failure("A comma or the end of \(name) should stand here.")
        }
        offset += 1
        return true
    }
}

/// The types of JSON values.
public enum JSONKind: Hashable, Sendable { case null, bool, number, string, array, object }
