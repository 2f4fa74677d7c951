import HiveModel

/// Groups, members and peers of `GET /sync/groups` as tables.
enum SyncTables {
    static func groups(_ groups: [JSONValue]) -> TableWriter {
        var table = TableWriter([
            .init("HIVE"), .init("ROLE"), .init("STATUS"), .init("EVENTS", .right), .init("MEMBERS", .right),
            .init("PEERS", .right), .init("WAITING", .right), .init("HEADS"), .init("STATE ROOT"),
        ])
        for group in groups {
            let waiting = (group.number("pending") ?? 0) + (group.number("held") ?? 0)
            table.add(
                group.text("hive_name"),
                group.text("role"),
                status(group),
                Readable.count(events(group)),
                Readable.count(group["members"]?.array?.count ?? 0),
                Readable.count(group["peers"]?.array?.count ?? 0),
                Readable.count(waiting),
                group.text("heads_digest").map { String($0.prefix(12)) },
                group.text("state_root").map { String($0.prefix(12)) }
            )
        }
        return table
    }

    /// Events held of all logs, in their present epochs.
    static func events(_ group: JSONValue) -> Int64 {
        (group["heads"]?.members ?? []).reduce(0) { $0 + ($1.value.number("seq") ?? 0) }
    }

    /// The group's status with what should not be there.
    private static func status(_ group: JSONValue) -> String {
        var words = [group.text("status") ?? "?"]
        for (key, name) in [("poison", "poison"), ("forks", "forks")] {
            if let count = group.number(key), count > 0 { words.append("\(count) \(name)") }
        }
        return words.joined(separator: ", ")
    }

    static func members(_ group: JSONValue) -> TableWriter {
        var table = TableWriter([
            .init("MEMBER"), .init("ROLE"), .init("EPOCH", .right), .init("SEQ", .right), .init("HEAD"),
            .init("INSTANCE"),
        ])
        for member in group["members"]?.array ?? [] {
            let id = member.text("instance_id") ?? ""
            let head = group["heads"]?[id]
            table.add(
                member.text("name"),
                member.text("role"),
                head?.number("epoch").map(String.init),
                (head?.number("seq") ?? member.number("head_seq")).map(Readable.count),
                head?.text("hash").map { String($0.prefix(12)) },
                id
            )
        }
        return table
    }

    static func peers(_ groups: [JSONValue], now: Int64) -> TableWriter {
        var table = TableWriter([
            .init("PEER"), .init("HIVE"), .init("STATUS"), .init("LAG", .right), .init("BEHIND", .right),
            .init("LAST SYNC"), .init("ROUND TRIP", .right), .init("SAYS", widthMax: 70),
        ])
        for group in groups {
            for peer in group["peers"]?.array ?? [] {
                table.add(
                    peer.text("name"),
                    group.text("hive_name"),
                    peer.text("status"),
                    peer.number("lag").map(Readable.count),
                    peer.number("lag_seconds").map { Readable.duration(ms: $0 * 1_000) },
                    Readable.age(iso: peer.text("last_sync_at"), now: now),
                    peer.number("rtt_ms").map { Readable.duration(ms: $0) },
                    peer.text("status_reason") ?? peer.text("last_error") ?? ""
                )
            }
        }
        return table
    }
}
