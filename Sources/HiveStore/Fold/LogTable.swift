import HiveModel

/// A group's logs in memory, with what the transaction changed of them.
struct LogTable {
    struct Entry {
        let n: Int64
        let origin: InstanceID
        let epoch: Int64
        /// The last place held; 0 = nothing.
        var head: Int64
        var headHash: Hash256?
        var signingKey: PublicKey?
        var isChanged = false

        var name: LogName { LogName(n: n, origin: origin, epoch: epoch, head: head) }
    }

    private(set) var entries: [Entry] = []
    private var indexes: [Key: Int] = [:]
    /// Most events follow one of the same log.
    private var last = 0

    private struct Key: Hashable {
        var origin: InstanceID
        var epoch: Int64
    }

    mutating func add(_ entry: Entry) {
        indexes[Key(origin: entry.origin, epoch: entry.epoch)] = entries.count
        entries.append(entry)
    }

    func find(_ origin: InstanceID, _ epoch: Int64) -> Entry? {
        index(origin, epoch).map { entries[$0] }
    }

    func find(number: Int64) -> Entry? { entries.first { $0.n == number } }

    func index(_ origin: InstanceID, _ epoch: Int64) -> Int? {
        if last < entries.count, entries[last].epoch == epoch, entries[last].origin == origin { return last }
        return indexes[Key(origin: origin, epoch: epoch)]
    }

    /// The newest log of an instance of which something is held.
    func newest(of origin: InstanceID) -> Entry? {
        if last < entries.count, entries[last].origin == origin, entries[last].head > 0,
            !entries.contains(where: { $0.epoch > entries[last].epoch && $0.origin == origin && $0.head > 0 })
        {
            return entries[last]
        }
        return entries.filter { $0.origin == origin && $0.head > 0 }.max { $0.epoch < $1.epoch }
    }

    mutating func change(_ index: Int, _ change: (inout Entry) -> Void) {
        change(&entries[index])
        entries[index].isChanged = true
        last = index
    }

    mutating func markWritten() {
        for index in entries.indices { entries[index].isChanged = false }
    }
}
