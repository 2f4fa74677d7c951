import HiveModel

/// One log by number, and how far it is held.
struct LogName {
    var n: Int64
    var origin: InstanceID
    var epoch: Int64
    var head: Int64
}

/// Rebuilds events from rows of `hive_events`, read in the order of `EventSQL.columns`.
struct EventColumns {
    /// How many there are.
    static let count: Int32 = 16

    let group: GroupID
    let types: EventTypeTable

    /// - Parameter before: the hash of the event before it in its log, unless the row keeps one.
    func event(_ row: HotStatement, origin: InstanceID, epoch: Int64, before: Hash256?) throws -> Event {
        let place = Place(epoch: epoch, seq: row.int(2))
        var header = EventHeader(
            groupID: group,
            origin: origin,
            place: place,
            prev: place.seq == 1 ? nil : try row.optionalHash(10) ?? before,
            time: HybridTime(ms: row.int(5), counter: row.int(6)),
            at: row.isNull(7) ? nil : HybridTime(ms: row.int(7), counter: row.int(8)),
            type: try types.type(row.int(3)),
            refs: row.isNull(13) ? EventRefs() : try Self.refs(row.blob(13)),
            payloadHash: try row.hash(12),
            extra: row.isNull(9) ? [] : try Self.members(row.blob(9))
        )
        if header.isGenesis { header.groupID = nil }
        return Event(header: header, payload: row.blob(14), signature: row.blob(15), hash: try row.hash(11))
    }

    /// Whether its own signature was checked or made here, so that a run may end at it.
    static func isVerified(_ row: HotStatement) -> Bool { row.bool(4) }

    private static func members(_ json: [UInt8]) throws -> [JSONMember] {
        guard let members = try? JSONValue(parsing: json).members else {
            throw DamagedRow("the header fields of an event are no JSON object")
        }
        return members
    }

    static func refs(_ json: [UInt8]) throws -> EventRefs {
        var refs = EventRefs()
        for member in try members(json) {
            switch member.key {
            case "par": refs.par = member.value.array?.compactMap { $0.string.flatMap { EventID($0) } } ?? []
            case "auth": refs.auth = member.value.string.flatMap { EventID($0) }
            case "re": refs.re = member.value.string.flatMap { EventID($0) }
            default: refs.extra.append(member)
            }
        }
        return refs
    }
}
