/// Cuts a stream of NDJSON into lines as its bytes come.
///
/// Give it each chunk with `append`, take what `next` answers, in batches, and at the end ask for `rest`.
public struct LineSplitter: Sendable {
    /// Bytes of one line, beyond which the stream is refused.
    public let lineBytesMax: Int
    private var pending: [UInt8] = []
    /// Where the first line of `pending` that was not taken begins.
    private var start = 0
    /// No line feed stands between `start` and here.
    private var searched = 0

    public init(lineBytesMax: Int = WireLimits.lineBytesMax) {
        self.lineBytesMax = lineBytesMax
    }

    /// Bytes held that no line was made of yet.
    public var pendingBytes: Int { pending.count - start }

    public mutating func append(_ chunk: some Collection<UInt8>) {
        if start > 0, start == pending.count || start > 64 * 1024 {
            pending.removeSubrange(..<start)
            searched -= start
            start = 0
        }
        pending.append(contentsOf: chunk)
    }

    /// The next whole line without its line feed, empty lines passed over; nil where none is whole yet.
    /// - Throws: `WireError` where a line is longer than allowed.
    public mutating func next() throws(WireError) -> [UInt8]? {
        while let end = endOfLine() {
            let line = start..<end
            start = end + 1
            searched = start
            guard line.count <= lineBytesMax else { throw tooLong }
            if !Self.isBlank(pending[line]) { return Array(pending[line]) }
        }
        guard pendingBytes <= lineBytesMax else { throw tooLong }
        return nil
    }

    /// What is left when the stream ended without a last line feed; nil where nothing is.
    public mutating func rest() throws(WireError) -> [UInt8]? {
        if let line = try next() { return line }
        defer { start = pending.count }
        return Self.isBlank(pending[start...]) ? nil : Array(pending[start...])
    }

    /// Where the lines of a whole text stand, without their line feeds; empty ones are left out.
    public static func ranges(of text: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex(of: 0x0A) ?? text.count
            if !isBlank(text[start..<end]) { ranges.append(start..<end) }
            start = end + 1
        }
        return ranges
    }

    private var tooLong: WireError {
        WireError(.tooLarge, "A line of the stream is longer than \(lineBytesMax) bytes.")
    }

    private mutating func endOfLine() -> Int? {
        let found = pending[max(start, searched)...].firstIndex(of: 0x0A)
        searched = found ?? pending.count
        return found
    }

    private static func isBlank(_ line: ArraySlice<UInt8>) -> Bool {
        line.allSatisfy { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }
    }
}
