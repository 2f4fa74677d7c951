public import HiveModel

/// Lists of events in bodies and streams, found and written without touching the events.
public enum WireEvents {
    /// Writes the list of the events in `lines`, NDJSON, one each line.
    static func write(lines: [UInt8], to writer: inout JSONWriter) {
        writer.beginArray()
        for range in LineSplitter.ranges(of: lines) { writer.raw(lines[range]) }
        writer.endArray()
    }

    /// Reads the events that stand at `ranges` of `bytes`.
    /// - Throws: `WireError` that names the first that can't be read, by its index.
    public static func parse(
        _ bytes: [UInt8],
        at ranges: [Range<Int>],
        group: GroupID,
        _ hashing: some Hashing
    ) throws(WireError) -> [Event] {
        var parser = EventParser(groupID: group)
        var events: [Event] = []
        events.reserveCapacity(ranges.count)
        for (index, range) in ranges.enumerated() {
            do {
                events.append(try parser.parse(bytes, in: range, hashing: hashing))
            } catch {
                throw WireError(
                    .event,
                    field: "events[\(index)]",
                    index: index,
                    "events[\(index)] can't be taken: \(error.message)"
                )
            }
        }
        return events
    }
}
