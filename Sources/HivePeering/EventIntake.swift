import HiveCrypto
import HiveModel
import HiveSync
import HiveWire

/// Bytes from the wire to events with their hashes computed: parallel, and off the writer.
enum EventIntake {
    /// An event that can't be taken.
    struct Fault: Sendable {
        /// Of the offered list, from 0.
        var index: Int
        var error: EventError
    }

    struct Result: Sendable {
        var events: [Event] = []
        var faults: [Fault] = []
        /// What stood in lines of its own beside the events.
        var evidence = LogEvidence()
    }

    /// Reads lines of a pulled stream; those that are no events are taken out first.
    static func parseStream(_ bytes: [UInt8], at lines: [Range<Int>], group: GroupID) async -> Result {
        var events: [Range<Int>] = []
        var evidence = LogEvidence()
        var faults: [Fault] = []
        events.reserveCapacity(lines.count)
        for (index, line) in lines.enumerated() {
            guard let (mark, value) = PullLine.mark(of: bytes, in: line) else {
                events.append(line)
                continue
            }
            do throws(WireError) {
                switch mark {
                case .proof:
                    let proof = try WireEvidence.proof(Array(bytes[value]), "proof", group: group, SwiftCrypto())
                    evidence.proofs.append(proof)
                case .transfer: evidence.transfers.append(try WireEvidence.transfer(Array(bytes[value]), "transfer"))
                case .end: throw WireError(.notJSON, "The last line stands before others.")
                }
            } catch {
                faults.append(Fault(index: index, error: EventError(.malformed, error.message)))
            }
        }
        var result = await parse(bytes, at: events, group: group)
        result.evidence = evidence
        result.faults += faults
        return result
    }

    /// Fewer events than this are not worth a task of their own.
    private static let chunkEvents = 128

    /// Reads the events at `ranges` of `bytes`, in that order; what can't be read is left out and named.
    static func parse(_ bytes: [UInt8], at ranges: [Range<Int>], group: GroupID) async -> Result {
        guard ranges.count > chunkEvents else { return parse(bytes, at: ranges[...], group: group) }
        let starts = Array(stride(from: 0, to: ranges.count, by: chunkEvents))
        return await withTaskGroup(of: (Int, Result).self) { tasks in
            for start in starts {
                let part = ranges[start..<min(start + chunkEvents, ranges.count)]
                tasks.addTask { (start, parse(bytes, at: part, group: group)) }
            }
            var parts: [Int: Result] = [:]
            for await (start, result) in tasks { parts[start] = result }
            return starts.reduce(into: Result()) { all, start in
                guard let part = parts[start] else { return }
                all.events += part.events
                all.faults += part.faults
            }
        }
    }

    private static func parse(_ bytes: [UInt8], at ranges: ArraySlice<Range<Int>>, group: GroupID) -> Result {
        let crypto = SwiftCrypto()
        var parser = EventParser(groupID: group)
        var result = Result()
        result.events.reserveCapacity(ranges.count)
        for index in ranges.indices {
            do {
                result.events.append(try parser.parse(bytes, in: ranges[index], hashing: crypto))
            } catch {
                result.faults.append(Fault(index: index, error: error))
            }
        }
        return result
    }
}

extension [Event] {
    /// The last event of each log among these, by instance id: heads that whoever sent them holds.
    var lastOfEachLog: [LogHead] {
        var last: [InstanceID: LogHead] = [:]
        for event in self {
            let head = LogHead(origin: event.header.origin, place: event.header.place, hash: event.hash)
            if let known = last[head.origin], known.place >= head.place { continue }
            last[head.origin] = head
        }
        return last.values.sorted { $0.origin < $1.origin }
    }
}
