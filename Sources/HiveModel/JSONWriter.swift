/// Something that writes itself as one JSON value.
public protocol JSONWritable {
    func write(to writer: inout JSONWriter)
}

/// Writes JSON straight into bytes: no white space, escapes and numbers as RFC 8785 has them, commas by itself.
///
/// Members stand in the order they are written; canonical output is up to who writes keys in order.
///
/// Each `key` MUST be followed by exactly one value, each `begin` by its `end`.
public struct JSONWriter {
    public private(set) var bytes: [UInt8]
    private var needsComma = false

    public init(capacity: Int = 256) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Goes on behind `bytes`, without a comma.
    init(appendingTo bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The JSON text of `value`.
    public static func bytes(_ value: some JSONWritable) -> [UInt8] {
        var writer = JSONWriter()
        value.write(to: &writer)
        return writer.bytes
    }

    /// Forgets what was written and keeps the memory.
    public mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    // MARK: Structure

    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// A key known when compiling; it MUST need no escapes.
    public mutating func key(_ name: StaticString) {
        ByteSink.append(upTo: name.utf8CodeUnitCount + 4, to: &bytes) { sink in
            if needsComma { sink.put(UInt8(ascii: ",")) }
            sink.put(UInt8(ascii: "\""))
            sink.put(name)
            sink.put(UInt8(ascii: "\""))
            sink.put(UInt8(ascii: ":"))
        }
        needsComma = false
    }

    /// A key that is only known now.
    public mutating func key(text: String) {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
        Self.appendQuoted(text, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }

    // MARK: Values

    public mutating func string(_ text: String) {
        separate()
        Self.appendQuoted(text, to: &bytes)
    }

    /// `null` for nil.
    public mutating func string(_ text: String?) {
        if let text { string(text) } else { null() }
    }

    public mutating func int(_ number: Int64) {
        separate()
        Self.appendDecimal(number, to: &bytes)
    }

    /// `null` for nil.
    public mutating func int(_ number: Int64?) {
        if let number { int(number) } else { null() }
    }

    /// As ECMAScript prints it; `null` for what is not finite.
    public mutating func double(_ number: Double) {
        separate()
        CanonicalNumber.append(number, to: &bytes)
    }

    public mutating func bool(_ flag: Bool) {
        separate()
        bytes.append(contentsOf: flag ? Self.trueBytes : Self.falseBytes)
    }

    public mutating func null() {
        separate()
        bytes.append(contentsOf: Self.nullBytes)
    }

    /// A JSON value that is already text; it MUST be valid.
    public mutating func raw(_ json: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    /// A time as ISO 8601 with milliseconds in UTC, given in milliseconds since 1970.
    public mutating func isoMilliseconds(_ ms: Int64) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        ISOTime.append(ms, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// `null` for nil.
    public mutating func isoMilliseconds(_ ms: Int64?) {
        if let ms { isoMilliseconds(ms) } else { null() }
    }

    public mutating func hex(_ hash: Hash256) {
        separate()
        ByteSink.append(upTo: Hash256.byteCount * 2 + 2, to: &bytes) { sink in
            sink.put(UInt8(ascii: "\""))
            sink.put(hex: hash)
            sink.put(UInt8(ascii: "\""))
        }
    }

    /// The id of an event.
    mutating func identifier(prefix: InstancePrefix, hash: Hash256) {
        separate()
        ByteSink.append(upTo: EventID.byteCount + 2, to: &bytes) { sink in
            sink.put(UInt8(ascii: "\""))
            EventID.put(prefix: prefix, hash: hash, to: &sink)
            sink.put(UInt8(ascii: "\""))
        }
    }

    /// Standard base64.
    public mutating func base64(_ data: [UInt8]) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        Base64.append(data, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Members of an object that are already text, without a comma before or after.
    mutating func members(upTo capacity: Int, _ body: (inout ByteSink) -> Void) {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        ByteSink.append(upTo: capacity, to: &bytes, body)
        needsComma = true
    }

    public mutating func value(_ value: some JSONWritable) { value.write(to: &self) }

    /// An array of values that write themselves.
    public mutating func array(_ values: some Sequence<some JSONWritable>) {
        beginArray()
        for value in values { value.write(to: &self) }
        endArray()
    }

    // MARK: Inside

    private static let trueBytes = Array("true".utf8)
    private static let falseBytes = Array("false".utf8)
    private static let nullBytes = Array("null".utf8)

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }
}
