import HiveModel

/// Payloads of control events, right ones and ones a member of which is out of place.
enum ControlVoids {
    static let agent = JSONValue.object(unsorted: [
        JSONMember("agent_id", .string("agent-1")), JSONMember("name", .string("Ann")),
        JSONMember("instance_id", .string("inst_abcdefghijklmnopqrstuvwxyz")),
    ])
    private static let hash = JSONValue.string(String(repeating: "0a", count: 32))
    private static let key = JSONValue.string(String(repeating: "A", count: 43) + "=")
    private static let signature = JSONValue.string(String(repeating: "A", count: 86) + "==")
    private static let cosignature = JSONValue.object([
        JSONMember("identity_key", key), JSONMember("signature", signature),
    ])
    private static let fence = JSONValue.object([
        JSONMember("epoch", .int(1)), JSONMember("hash", hash), JSONMember("seq", .int(7)),
    ])

    static let removal = JSONValue.object([]).with([
        "fence": fence, "instance_id": agent["instance_id"], "invited": .bool(false), "reason": .null,
    ])
    static let transfer = JSONValue.object([]).with([
        "n": .int(1), "pin": fence, "quorum": .int(1), "signature": signature, "successors": .array([key]), "to": agent,
    ])
    static let moderator = JSONValue.object([]).with([
        "action": .string("add"), "agent": agent, "by": agent, "fence": fence, "role": .string("admin"),
    ])
    static let ban = JSONValue.object([]).with([
        "action": .string("ban"), "agent": agent, "by": agent, "fence": fence, "scope": .string("later"),
    ])
    static let setting = JSONValue.object([]).with(["changed_by": agent, "key": .string("k"), "value": .null])
    static let pin = JSONValue.object([]).with(["by": agent, "pinned": .bool(true), "post_id": .string("p")])

    static let valid: [(EventType, JSONValue)] = [
        (.instanceRemoved, removal), (.instanceRemoved, removal.with(["fence": nil, "invited": nil, "reason": nil])),
        (.instanceRemoved, removal.with(["fence": fence.with(["more": .int(1)])])),
        (.ownerChanged, transfer), (.ownerChanged, transfer.with(["quorum": nil, "successors": nil])),
        (.ownerChanged, transfer.with(["successors": .array([]), "quorum": .int(0)])),
        (.ownerChanged, transfer.with(["successors": nil, "quorum": .int(32)])),
        (.ownerChanged, transfer.with(["signature": nil, "cosigs": .array([cosignature])])),
        (.moderatorChanged, moderator),
        (.moderatorChanged, moderator.with(["action": .string("remove"), "role": nil])),
        (.membershipChanged, ban), (.membershipChanged, ban.with(["action": .string("join"), "fence": nil])),
        (.hiveSettingChanged, setting), (.postPinned, pin),
        (.hiveSettingChanged, setting.with(["key": .string(String(repeating: "é", count: 32))])),
    ]

    static let cases: [(EventType, JSONValue, String)] =
        fences + transfers + cosignatures + words + missing + [
            (.instanceRemoved, removal.with(["invited": .null]), "invited should be true or false."),
            (.instanceRemoved, removal.with(["reason": .int(1)]), "reason should be a string or null."),
            (
                .instanceRemoved, removal.with(["instance_id": .string("x")]),
                "instance_id should be the id of an instance."
            ),
            (.hiveSettingChanged, setting.with(["key": .string("")]), "key has 0 bytes, not 1 to 64."),
            (
                .hiveSettingChanged, setting.with(["key": .string(String(repeating: "é", count: 32) + "x")]),
                "key has 65 bytes, not 1 to 64."
            ),
            (.hiveSettingChanged, setting.with(["key": .int(1)]), "key should be a string."),
            (.postPinned, pin.with(["pinned": .int(1)]), "pinned should be true or false."),
            (.postPinned, pin.with(["post_id": .string("")]), "post_id should be an id of 1 to 80 characters."),
        ]

    private static let fences: [(EventType, JSONValue, String)] = [
        (.instanceRemoved, removal.with(["fence": .int(3)]), "fence should be an object."),
        (.moderatorChanged, moderator.with(["fence": .array([])]), "fence should be an object."),
        (.membershipChanged, ban.with(["fence": .object([])]), "fence.epoch is missing."),
        (
            .membershipChanged, ban.with(["fence": fence.with(["epoch": .int(0)])]),
            "fence.epoch is 0, not 1 to 4294967295."
        ),
        (
            .membershipChanged, ban.with(["fence": fence.with(["seq": .int(0)])]),
            "fence.seq is 0, not 1 to 281474976710655."
        ),
        (
            .membershipChanged, ban.with(["action": .string("join"), "fence": fence.with(["seq": nil])]),
            "fence.seq is missing."
        ),
        (
            .instanceRemoved, removal.with(["fence": fence.with(["hash": .string("0A")])]),
            "fence.hash should be a hash in lower-case hex."
        ),
        (.instanceRemoved, removal.with(["fence": fence.with(["hash": .null])]), "fence.hash should be a string."),
        (.ownerChanged, transfer.with(["pin": .null]), "pin should be {epoch, seq, hash}."),
        (.ownerChanged, transfer.with(["pin": nil]), "pin should be {epoch, seq, hash}."),
        (.ownerChanged, transfer.with(["pin": fence.with(["epoch": .string("1")])]), "pin.epoch should be an integer."),
    ]

    private static let transfers: [(EventType, JSONValue, String)] = [
        (.ownerChanged, transfer.with(["n": .int(0)]), "n is 0, not 1 to 9007199254740991."),
        (.ownerChanged, transfer.with(["n": .int(-1)]), "n is -1, not 1 to 9007199254740991."),
        (.ownerChanged, transfer.with(["to": .null]), "to should be an object."),
        (.ownerChanged, transfer.with(["to": agent.with(["name": nil])]), "to.name is missing."),
        (.ownerChanged, transfer.with(["successors": .null]), "successors should be an array of keys in base64."),
        (
            .ownerChanged, transfer.with(["successors": .array([key, .string("AAAA")])]),
            "successors should be an array of keys in base64."
        ),
        (
            .ownerChanged, transfer.with(["successors": .array(Array(repeating: key, count: 33))]),
            "successors has 33 keys, more than 32."
        ),
        (.ownerChanged, transfer.with(["quorum": .int(2)]), "quorum is 2, not 0 to 1."),
        (.ownerChanged, transfer.with(["quorum": .int(-1)]), "quorum is -1, not 0 to 1."),
        (.ownerChanged, transfer.with(["quorum": .int(33), "successors": nil]), "quorum is 33, not 0 to 32."),
        (.ownerChanged, transfer.with(["signature": nil]), "signature or cosigs is missing."),
        (
            .ownerChanged, transfer.with(["cosigs": .array([cosignature])]),
            "signature and cosigs exclude each other."
        ),
        (.ownerChanged, transfer.with(["cosigs": .null]), "signature and cosigs exclude each other."),
        (.ownerChanged, transfer.with(["signature": key]), "signature should be a signature in base64."),
        (.ownerChanged, transfer.with(["signature": .null]), "signature should be a string."),
    ]

    private static let cosignatures: [(EventType, JSONValue, String)] = [
        (cosigned([]), "cosigs has 0 signatures, not 1 to 16."),
        (cosigned(Array(repeating: cosignature, count: 17)), "cosigs has 17 signatures, not 1 to 16."),
        (cosigned([.null]), "cosigs should be an array of {identity_key, signature}."),
        (
            cosigned([cosignature, cosignature.with(["signature": key])]),
            "cosigs should be an array of {identity_key, signature}."
        ),
        (
            cosigned([cosignature.with(["identity_key": signature])]),
            "cosigs should be an array of {identity_key, signature}."
        ),
        (
            transfer.with(["signature": nil, "cosigs": .object([])]),
            "cosigs should be an array of {identity_key, signature}."
        ),
    ].map { (.ownerChanged, $0.0, $0.1) }

    private static func cosigned(_ cosignatures: [JSONValue]) -> JSONValue {
        transfer.with(["signature": nil, "cosigs": .array(cosignatures)])
    }

    private static let words: [(EventType, JSONValue, String)] = [
        (.moderatorChanged, moderator.with(["action": .string("ban")]), "action is none of the known words."),
        (.moderatorChanged, moderator.with(["role": .string("king")]), "role is none of the known words."),
        (
            .moderatorChanged, moderator.with(["action": .string("remove"), "role": .string("king")]),
            "role is none of the known words."
        ),
        (.moderatorChanged, moderator.with(["role": .null]), "role should be a string."),
        (.membershipChanged, ban.with(["action": .string("Ban")]), "action is none of the known words."),
        (.membershipChanged, ban.with(["action": .int(1)]), "action should be a string."),
        (.membershipChanged, ban.with(["scope": .string("some")]), "scope is none of the known words."),
        (
            .membershipChanged, ban.with(["action": .string("unban"), "scope": .string("")]),
            "scope is none of the known words."
        ),
    ]

    private static let missing: [(EventType, JSONValue, String)] = [
        (EventType.instanceRemoved, removal, ["instance_id"]), (.ownerChanged, transfer, ["n", "to"]),
        (.moderatorChanged, moderator, ["action", "agent", "by"]),
        (.membershipChanged, ban, ["action", "agent", "by"]),
        (.hiveSettingChanged, setting, ["key", "value", "changed_by"]),
        (.postPinned, pin, ["by", "pinned", "post_id"]),
    ].flatMap { type, payload, names in
        names.map { (type, payload.with([($0, nil)]), "\($0) is missing.") }
    }
}

extension JSONValue {
    /// The object with members set, or taken out where they are nil.
    func with(_ changes: [(String, JSONValue?)]) -> JSONValue {
        var members = members ?? []
        for (key, value) in changes {
            members.removeAll { $0.key == key }
            if let value { members.append(JSONMember(key, value)) }
        }
        return .object(unsorted: members)
    }

    func with(_ changes: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        with(changes.map { ($0.key, $0.value) })
    }
}
