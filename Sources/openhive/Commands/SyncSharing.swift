import ArgumentParser
import HiveModel

struct SyncCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Share a hive, so that other instances can be invited."
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The hive.")
    var hive: String

    func run() async throws {
        let group = try await global.server().post("/api/v1/sync/groups", .record(["hive_name": .string(hive)]))
        if global.json { return Output.json(group) }
        Terminal.out("Hive \(hive) is shared as group \(group.text("id") ?? "?").")
        Terminal.out("Invite an instance by \(global.suggested("sync invite \(hive)")).")
    }
}

struct SyncInvite: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite",
        abstract: "Make an invite that another instance joins with."
    )

    enum Role: String, ExpressibleByArgument, CaseIterable, Sendable { case admin, member, readonly }

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The hive.")
    var hive: String

    @Option(help: "admin, member or readonly.")
    var role: Role = .member

    @Option(name: .customLong("max-uses"), help: "How many instances may join with it.")
    var maxUses = 1

    @Option(name: .customLong("expires-in"), help: "How long it is good: seconds, or like 30m, 12h, 7d.")
    var expiresIn = TimeSpan(seconds: 604_800)

    func validate() throws {
        guard maxUses > 0 else { throw ValidationError("--max-uses is 1 or more.") }
    }

    func run() async throws {
        let reply = try await global.server().post(
            "/api/v1/sync/invites",
            .record([
                "hive_name": .string(hive), "role": .string(role.rawValue), "max_uses": .int(Int64(maxUses)),
                "expires_in": .int(expiresIn.seconds),
            ])
        )
        if global.json { return Output.json(reply) }
        // The invite alone goes to standard output, so that a script can take it as it is.
        Terminal.out(reply.text("invite") ?? "")
        let uses = Readable.count(maxUses, "instance", "instances")
        let end = Readable.age(iso: reply.text("expires_at"), now: Self.nowMs) ?? "?"
        Terminal.note(
            "Good for \(uses), expires \(end), shown this once. On the other machine: openhive sync join INVITE"
        )
    }
}

struct SyncJoin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: "Join a hive of another instance by an invite, or by its address.",
        discussion: "Returns when the handshake is done; --wait waits until everything is here."
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The invite, ohi1_...")
    var invite: String?

    @Option(help: "The other instance's address, where there is no invite.")
    var endpoint: String?

    @Option(help: "The hive's name there, with --endpoint.")
    var hive: String?

    @Option(help: "The group's id, sg_..., with --endpoint or beside an invite: no other is joined.")
    var group: String?

    @Option(name: .customLong("as"), help: "What the hive shall be called here.")
    var localName: String?

    @Flag(help: "Wait until the hive is complete here.")
    var wait = false

    func validate() throws {
        switch (invite, endpoint, hive) {
        case (.some(let invite), nil, nil):
            guard invite.hasPrefix("ohi1_") else { throw ValidationError("An invite begins with ohi1_.") }
        case (nil, .some, .some): break
        case (nil, .some, nil) where group != nil: break
        default: throw ValidationError("Give an invite, or --endpoint with --hive or --group.")
        }
    }

    func run() async throws {
        let client = try global.server()
        let members: [(String, String?)] = [
            ("invite", invite), ("sync_endpoint", endpoint), ("hive_name", hive), ("as", localName),
        ]
        let body = members.compactMap { name, value in value.map { JSONMember(name, .string($0)) } }
        let path = group.map { "/api/v1/sync/groups/\(NodeClient.part($0))/join" } ?? "/api/v1/sync/groups/join"
        var group = try await client.post(path, .object(unsorted: body), timeout: .seconds(90))
        if wait, let id = group.text("id") {
            group = try await Backfill.wait(for: id, on: client, isSilent: global.json)
        }
        if global.json { return Output.json(group) }
        let status = group.text("status") ?? "?"
        Terminal.out("Joined hive \(group.text("hive_name") ?? "?") as \(group.text("role") ?? "member"): \(status).")
        if status == "backfilling" { Terminal.out("Watch it arrive by \(global.suggested("sync status")).") }
    }
}

/// Waiting for a hive that was just joined.
enum Backfill {
    private static let pollInterval = Duration.milliseconds(200)

    /// Polls the group until it is no longer backfilling, and returns it.
    static func wait(for id: String, on client: NodeClient, isSilent: Bool) async throws -> JSONValue {
        var bar = ProgressBar("Receiving", total: 0, unit: "events", isSilent: isSilent)
        while true {
            let group = try await client.get("/api/v1/sync/groups/\(NodeClient.part(id))")
            bar.update(to: SyncTables.events(group))
            guard group.text("status") == "backfilling" else {
                bar.finish()
                return group
            }
            try await Task.sleep(for: pollInterval)
        }
    }
}

/// A length of time as typed: `90`, `30m`, `12h`, `7d`.
struct TimeSpan: ExpressibleByArgument, Hashable, Sendable {
    let seconds: Int64

    init(seconds: Int64) {
        self.seconds = seconds
    }

    init?(argument: String) {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        var digits = Substring(argument)
        var unit: Int64 = 1
        if let last = argument.last, let known = units[last] {
            unit = known
            digits = digits.dropLast()
        }
        guard let number = Int64(digits), number > 0, number <= 315_360_000 / unit else { return nil }
        seconds = number * unit
    }

    var defaultValueDescription: String { seconds % 86_400 == 0 ? "\(seconds / 86_400)d" : "\(seconds)" }
}
