import ArgumentParser
import HiveModel

struct SyncMembers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "members",
        abstract: "List the instances of a group, their roles and heads."
    )

    @OptionGroup var options: GroupArgument

    func run() async throws {
        let client = try options.global.server()
        let group = try await client.get(GroupArgument.path(try await options.found(on: client)))
        if options.global.json { return Output.json(.record(["data": group["members"] ?? .array([])])) }
        SyncTables.members(group).print()
    }
}

struct SyncRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove an instance from a group; what it wrote so far stays.",
        discussion:
            "For the owner's instance, and for admin instances of the group. openhive sync leave leaves a group."
    )

    @OptionGroup var options: GroupArgument

    @Argument(help: "The instance: its id, or its name where only one is called so.")
    var instance: String

    @Option(help: "Why; every member sees it.")
    var reason: String?

    @Flag(help: "Remove those it let in, too.")
    var invited = false

    func run() async throws {
        let client = try options.global.server()
        let group = try await options.found(on: client)
        let member = try await SyncMember.found(instance, in: group, on: client)
        var body = [JSONMember("invited", .bool(invited))]
        if let reason { body.append(JSONMember("reason", .string(reason))) }
        let path = GroupArgument.path(group, "members", NodeClient.part(member.id))
        let reply = try await client.delete(path, .object(unsorted: body))
        if options.global.json { return Output.json(reply) }
        let cut = Readable.count(reply.number("cut_events") ?? 0)
        Terminal.out("\(member.name) is no member of \(group.hive) any more; \(cut) of its events count no more.")
        guard reply["fetched"]?.bool == false else { return }
        Terminal.out("It could not be asked for what it had not sent yet: whatever that is counts no more.")
    }
}

struct SyncRole: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Give an instance another role in a group."
    )

    @OptionGroup var options: GroupArgument

    @Argument(help: "The instance: its id, or its name where only one is called so.")
    var instance: String

    @Argument(help: "admin, member or readonly.")
    var role: SyncInvite.Role

    func run() async throws {
        let client = try options.global.server()
        let group = try await options.found(on: client)
        let member = try await SyncMember.found(instance, in: group, on: client)
        let path = GroupArgument.path(group, "members", NodeClient.part(member.id))
        let reply = try await client.patch(path, .record(["role": .string(role.rawValue)]))
        if options.global.json { return Output.json(reply) }
        Terminal.out("\(member.name) is \(role.rawValue) of \(group.hive).")
    }
}

/// A member of a group, as a command names it.
struct SyncMember {
    var id: String
    var name: String

    static func found(_ named: String, in group: HiveGroup, on client: NodeClient) async throws -> SyncMember {
        let reply = try await client.get(GroupArgument.path(group))
        let members = (reply["members"]?.array ?? []).compactMap { member -> SyncMember? in
            guard let id = member.text("instance_id"), let name = member.text("name") else { return nil }
            return SyncMember(id: id, name: name)
        }
        let found = members.filter { $0.id == named || $0.name == named }
        guard let first = found.first else {
            throw CommandError(.failed, "No instance \(named) is a member of \(group.hive).")
        }
        guard found.count == 1 else {
            let ids = found.map(\.id).joined(separator: ", ")
            throw CommandError(.failed, "Several instances are called \(named): give one of the ids \(ids).")
        }
        return first
    }
}

struct SyncNewEpoch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new-epoch",
        abstract: "Give this instance's log in a group a new signing key.",
        discussion: """
            By hand this rotates the key. After a theft, --stolen-key disowns everywhere what was signed after \
            --last-own, the last event known to be one's own (epoch:seq), or after the end of the log as held here.
            """
    )

    @OptionGroup var options: GroupArgument

    @Flag(name: .customLong("stolen-key"), help: "Somebody else has the key.")
    var isStolen = false

    @Option(name: .customLong("last-own"), help: "The last own event, epoch:seq, with --stolen-key.")
    var lastOwn: String?

    func validate() throws {
        guard lastOwn == nil || isStolen else { throw ValidationError("--last-own goes with --stolen-key.") }
        guard lastOwn == nil || place != nil else { throw ValidationError("--last-own is epoch:seq, such as 1:120.") }
    }

    private var place: (epoch: Int64, seq: Int64)? {
        let parts = (lastOwn ?? "").split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
        guard parts.count == 2, let epoch = parts[0], let seq = parts[1], epoch > 0, seq > 0 else { return nil }
        return (epoch, seq)
    }

    func run() async throws {
        let client = try options.global.server()
        let group = try await options.found(on: client)
        var body = [JSONMember("reason", .string(isStolen ? "stolen_key" : "rotation"))]
        if let place {
            body.append(JSONMember("last_own", .record(["epoch": .int(place.epoch), "seq": .int(place.seq)])))
        }
        let reply = try await client.post(GroupArgument.path(group, "new-epoch"), .object(unsorted: body))
        if options.global.json { return Output.json(reply) }
        let closed = Readable.count(reply.number("closed_off") ?? 0)
        let repeated = Readable.count(reply.number("repeated") ?? 0)
        Terminal.out(
            "Epoch \(reply.number("epoch") ?? 0) of \(group.hive) is open: \(closed) events closed off, "
                + "\(repeated) written again."
        )
    }
}

struct SyncEvents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Show a group's log in the order of arrival."
    )

    @OptionGroup var options: GroupArgument

    @Option(help: "Only events after this arrival number.")
    var since: Int64 = 0

    @Option(help: "How many, 1 to 500.")
    var limit = 50

    @Option(help: "Only events of this type, such as post_created.")
    var type: String?

    @Option(help: "Only events of this instance.")
    var origin: String?

    func run() async throws {
        let client = try options.global.server()
        let group = try await options.found(on: client)
        let query = [
            ("since", String(since)), ("limit", String(limit)), ("type", type ?? ""), ("origin", origin ?? ""),
        ].filter { !$0.1.isEmpty }
        let page = try await client.get(GroupArgument.path(group, "events"), query: query)
        if options.global.json { return Output.json(page) }
        var table = TableWriter([
            .init("EPOCH", .right), .init("SEQ", .right), .init("TYPE"), .init("WHEN"), .init("INSTANCE"), .init("ID"),
        ])
        for event in page["events"]?.array ?? [] {
            table.add(
                event.number("epoch").map(String.init),
                event.number("origin_seq").map(Readable.count),
                event.text("event_type"),
                event.number("origin_ts").map { Readable.time(ms: $0) },
                event.text("origin_instance_id"),
                event.text("id")
            )
        }
        table.print()
        if page["has_more"]?.bool == true, let next = page.number("next_seq") {
            Terminal.note("More: --since \(next)")
        }
    }
}

struct SyncConflicts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflicts",
        abstract: "Show what several decided without knowing of each other, and what came of it."
    )

    @OptionGroup var options: GroupArgument

    func run() async throws {
        let client = try options.global.server()
        let group = try await options.found(on: client)
        let reply = try await client.get(GroupArgument.path(group, "conflicts"))
        if options.global.json { return Output.json(reply) }
        guard !reply.listed.isEmpty else { return Terminal.out("Nothing in \(group.hive) was decided twice.") }
        var table = TableWriter([
            .init("SETTING", widthMax: 40), .init("STATE"), .init("VALUE", widthMax: 40), .init("WHEN"), .init("BY"),
        ])
        for conflict in reply.listed {
            for (role, entry) in SyncConflict.entries(conflict) {
                table.add(
                    conflict.text("key"),
                    role,
                    entry["value"].map { String(decoding: JSONWriter.bytes($0), as: UTF8.self) },
                    Readable.age(iso: entry.text("at"), now: Self.nowMs),
                    entry.text("by", "name")
                )
            }
        }
        table.print()
    }
}

/// A conflict as rows of a table.
enum SyncConflict {
    static func entries(_ conflict: JSONValue) -> [(String, JSONValue)] {
        let later = conflict["resolved_by"].flatMap { $0.isNull ? nil : $0 }
        var entries: [(String, JSONValue)] = []
        if let later { entries.append(("decided later", later)) }
        if let winner = conflict["winner"] { entries.append((later == nil ? "counts" : "won", winner)) }
        for loser in conflict["losers"]?.array ?? [] { entries.append(("lost", loser)) }
        return entries
    }
}

struct SyncTransferOwner: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transfer-owner",
        abstract: "Name the agent that owns a group from now on.",
        discussion: """
            On the instance that owns the group at once. Elsewhere as one of the successors named when the hive was \
            created: the reply of each is given to the next by --signed, until enough have signed.
            """
    )

    @OptionGroup var options: GroupArgument

    @Option(help: "The instance the new owner lives on: its id.")
    var instance: String

    @Option(help: "The new owner's agent id.")
    var agent: String

    @Option(help: "The JSON that the successor before printed.")
    var signed: String?

    func run() async throws {
        let client = try options.global.server()
        let group = try await options.found(on: client)
        var body = [JSONMember("instance_id", .string(instance)), JSONMember("agent_id", .string(agent))]
        if let signed {
            guard let value = try? JSONValue(parsing: Array(signed.utf8)), let pin = value["pin"],
                let cosignatures = value["cosigs"]
            else { throw ValidationError("--signed is the JSON that the successor before printed.") }
            body += [JSONMember("pin", pin), JSONMember("cosigs", cosignatures)]
        }
        let reply = try await client.post(GroupArgument.path(group, "transfer-owner"), .object(unsorted: body))
        let isDone = reply["cosigs"] == nil
        if options.global.json || !isDone { return Output.json(reply) }
        Terminal.out("\(group.hive) belongs to \(agent) now.")
    }
}
