import HiveModel

/// A line of the answer to a pull.
public enum PullLine: Hashable, Sendable {
    /// An event in wire form, unread.
    case event([UInt8])
    /// A fork proof, unread.
    case proof([UInt8])
    /// The payload of an `owner_changed` event, unread.
    case transfer([UInt8])
    case end(PullEnd)

    /// What tells a line from an event: its object has this one member; an event has many.
    public enum Mark: String, Hashable, Sendable, CaseIterable {
        case proof, transfer, end

        /// What stands before the value.
        var opening: [UInt8] { Array("{\"\(rawValue)\":".utf8) }
        /// What ends the line.
        static let closing = Array("}\n".utf8)
    }

    public init(_ line: [UInt8]) throws(WireError) {
        switch Self.mark(of: line, in: line.indices) {
        case (.end, _)?: self = .end(try PullEnd(parsing: line))
        case (.proof, let value)?: self = .proof(Array(line[value]))
        case (.transfer, let value)?: self = .transfer(Array(line[value]))
        case nil: self = .event(line)
        }
    }

    /// Which line stands at `range` of `bytes`, and where its value; nil for an event.
    ///
    /// Costs a look at the first member's name for an event.
    public static func mark(of bytes: [UInt8], in range: Range<Int>) -> (Mark, Range<Int>)? {
        bytes.withUnsafeBufferPointer { buffer in
            var spans = JSONSpans(buffer, in: range)
            guard spans.take(UInt8(ascii: "{")), let key = spans.string(),
                let mark = Mark.allCases.first(where: { buffer[key].elementsEqual($0.rawValue.utf8) }),
                spans.take(UInt8(ascii: ":")), let value = spans.value(), spans.next() == UInt8(ascii: "}")
            else { return nil }
            return (mark, value)
        }
    }
}
