import HiveCrypto
import HiveModel
import HiveTestKit

/// Makes `docs/vectors/events.json`: the same bytes in every run, so that a test can compare.
struct EventVectors {
    private let crypto = SwiftCrypto()
    private var owner: TestInstance<SwiftCrypto>
    private var member: TestInstance<SwiftCrypto>
    private let group: GroupID
    private var events: [(about: String, event: Event)] = []

    init() {
        owner = TestInstance("instance-a", seed: 0xA, crypto: SwiftCrypto())
        member = TestInstance("instance-b", seed: 0xB, crypto: SwiftCrypto())
        let genesis = owner.found(hive: "engineering")
        group = genesis.groupID
        note("the genesis: group_id is \"\" in its header and the group's id on the wire", genesis)
        note("a member is added", owner.add(member))
        note("the member opens its log; its certificate names the group", member.open(in: group))
        writeContent()
        writeRareForms()
        writeEpochs()
        events += ControlVectors(group: group, &owner, &member).events
    }

    private mutating func note(_ about: String, _ event: Event) { events.append((about, event)) }

    private mutating func writeContent() {
        let text = "Grüße, e\u{301} \u{1F980} \u{202E}rtl\u{202C} \u{2028} \u{E000} <b>&amp;</b>"
        note(
            "text beyond ASCII, not normalised; no content; an older time to show",
            member.post(
                "post-1",
                title: text,
                content: nil,
                url: "https://example.org/?q=a&b=%20",
                createdAtMs: 1_600_000_000_000
            )
        )
        note(
            "quotes, backslashes, slashes and control characters",
            owner.post("post-2", title: "\"\\/", content: "\u{0}\u{8}\t\n\u{B}\u{C}\r\u{1F}\u{7F}", by: "owner")
        )
        let post = member.entity("post-1")
        note("a comment at top level", owner.comment("comment-1", on: post, by: "owner"))
        note("a reply", member.comment("comment-2", on: post, parent: owner.entity("comment-1")))
        note("a vote", owner.vote(-1, on: .comment, member.entity("comment-2"), by: "owner"))
        note(
            "some fields changed: content set, url cleared, title untouched",
            member.updatePost(post, content: .set("new"), url: .set(nil))
        )
        note("a comment changed", member.updateComment(member.entity("comment-2"), content: ""))
        let grant = EventRefs(auth: owner.events[1].id)
        note("a deletion that cites a grant", member.deletePost(owner.entity("post-2"), reason: "spam", refs: grant))
        note("a deletion without a reason", member.deleteComment(member.entity("comment-2")))
        note("a profile", member.profile("alice", name: "Alice", avatarURL: "https://example.org/a.png"))
    }

    private mutating func writeRareForms() {
        let repeated = member.events[1]
        let refs = EventRefs(
            par: [owner.events[2].id, member.events[2].id],
            re: repeated.id,
            extra: [JSONMember("a", .array([.null, .bool(true)])), JSONMember("q", .int(-9_007_199_254_740_991))]
        )
        note(
            "a repeated event: at, refs of every kind, members of refs this version does not know",
            member.append(repeated.header.type, payload: repeated.payload, refs: refs, at: repeated.header.time)
        )
        note(
            "members of the header this version does not know, sorted among the others by UTF-16",
            owner.append(.voteCast, payload: owner.events[4].payload) { header in
                header.extra = [
                    JSONMember("", .string("")), JSONMember("extra", .object([JSONMember("k", .int(0))])),
                    JSONMember("\u{10000}", .int(1)), JSONMember("\u{E000}", .int(2)),
                ]
            }
        )
        let setting =
            "{\"changed_by\":null,\"key\":\"ratio\",\"value\":[0.1,-1e-7,1e+21,5e-324,1.7976931348623157e+308]}"
        note("a setting's value may hold fractions", owner.append(.hiveSettingChanged, payload: Array(setting.utf8)))
        note(
            "a type this version does not know, with a payload it does not know",
            owner.append(EventType("æther_stirred"), payload: Array("{\"\":{},\"a\":[]}".utf8))
        )
    }

    private mutating func writeEpochs() {
        func ends(_ epochs: [Int64], _ event: Event) -> [ClosedEpoch] {
            epochs.map { ClosedEpoch(last: Place(epoch: $0, seq: event.header.place.seq), hash: event.hash) }
        }
        let last = member.events[member.events.count - 1]
        let second = member.open(in: group, epoch: 2, closed: ends([1], last), reason: "key rotation")
        note("a new epoch closes the one before", second)
        let eleventh = member.open(in: group, epoch: 11, closed: ends([1, 2, 10], second), reason: "restored backup")
        note("closed epochs are sorted as text in the certificate's hash", eleventh)
    }

    // MARK: The file

    func fileBytes() -> [UInt8] {
        var lines: [(String, [JSONValue])] = []
        lines.append(("instances", [owner, member].map(instance)))
        lines.append(("events", events.map { vector($0.about, $0.event) }))
        lines.append(("equivalent", equivalents()))
        lines.append(("refused", refusals()))
        var text = "{\n"
        text += "\"about\": \"Made by Tests/HiveModelTests/EventVectors.swift; read docs/vectors/README.md.\",\n"
        text += "\"group_id\": \"\(group.rawValue)\""
        for (name, values) in lines {
            let rows = values.map { String(decoding: $0.canonicalBytes(), as: UTF8.self) }
            text += ",\n\"\(name)\": [\n" + rows.joined(separator: ",\n") + "\n]"
        }
        return Array((text + "\n}\n").utf8)
    }

    private func instance(_ instance: TestInstance<SwiftCrypto>) -> JSONValue {
        .object(unsorted: [
            JSONMember("instance_id", .string(instance.id.rawValue)),
            JSONMember("identity_key", .string(instance.identityKey.base64)),
            JSONMember("identity_seed", .string(Hex.encode(instance.identity.seed))),
        ])
    }

    private func vector(_ about: String, _ event: Event) -> JSONValue {
        let isOwners = event.header.origin == owner.id
        let signer = (isOwners ? owner : member).certifiedLogKey(
            group: group,
            epoch: event.header.place.epoch,
            closed: []
        )
        var members = [
            JSONMember("about", .string(about)),
            JSONMember("canonical_header", .string(String(decoding: event.header.canonicalBytes(), as: UTF8.self))),
            JSONMember("hash", .string(event.hash.hex)),
            JSONMember("id", .string(event.id.rawValue)),
            JSONMember("signing_key", .string(signer.signingKey.base64)),
            JSONMember("stamp", .string(Hex.encode(event.header.stamp.encoded))),
            JSONMember("wire", .string(String(decoding: event.wireBytes(), as: UTF8.self))),
        ]
        if let certificate = certificate(event) { members.append(JSONMember("certificate_text", .string(certificate))) }
        if case .ownerChanged(let change) = EventPayload(of: event) {
            let text = String(decoding: change.signedText(group: group), as: UTF8.self)
            members.append(JSONMember("owner_text", .string(text)))
        }
        return .object(unsorted: members)
    }

    /// The text that the identity key certified, for the first events of logs.
    private func certificate(_ event: Event) -> String? {
        let (log, closed, group): (LogKey, [ClosedEpoch], GroupID?)
        switch EventPayload(type: event.header.type, payload: event.payload) {
        case .groupCreated(let payload): (log, closed, group) = (payload.log, [], nil)
        case .epochOpened(let payload): (log, closed, group) = (payload.log, payload.closed, self.group)
        default: return nil
        }
        let text = LogKey.certificateMessage(
            groupID: group,
            instance: event.header.origin,
            epoch: event.header.place.epoch,
            signingKey: log.signingKey,
            closed: closed,
            hashing: crypto
        )
        return String(decoding: text, as: UTF8.self)
    }

    /// Other texts of the first comment, which every reader has to take as the same event.
    private func equivalents() -> [JSONValue] {
        let event = events[5].event
        let wire = String(decoding: event.wireBytes(), as: UTF8.self)
        let version = ",\"v\":1"
        let texts = [
            ("another order of members", "{\"v\":1," + wire.without(version).dropFirst()),
            ("white space", wire.split(separator: "\":").joined(separator: "\" :\n\t") + " \r\n"),
            (
                "escapes nobody needs",
                wire.replacing("\"v\"", with: "\"\\u0076\"").replacing("comment", with: "\\u0063omment")
            ),
        ]
        return texts.map { about, text in
            .object(unsorted: [
                JSONMember("about", .string(about)), JSONMember("hash", .string(event.hash.hex)),
                JSONMember("wire", .string(String(text))),
            ])
        }
    }

    /// Texts that are no event, or a changed one, and why.
    private func refusals() -> [JSONValue] {
        let event = events[5].event
        let wire = String(decoding: event.wireBytes(), as: UTF8.self)
        let other = events[0].event
        let cases: [(String, String, String)] = [
            ("malformed", "a member twice", "{\"v\":1," + wire.dropFirst()),
            ("malformed", "a member twice, once with an escape", "{\"\\u0076\":1," + wire.dropFirst()),
            ("malformed", "no refs", wire.without(",\"refs\":{}")),
            ("malformed", "an empty list in refs", wire.replacing("\"refs\":{}", with: "\"refs\":{\"par\":[]}")),
            ("malformed", "null in refs", wire.replacing("\"refs\":{}", with: "\"refs\":{\"auth\":null}")),
            ("malformed", "an exponent", wire.replacing("\"epoch\":1", with: "\"epoch\":1e0")),
            ("malformed", "a fraction", wire.replacing("\"epoch\":1", with: "\"epoch\":1.0")),
            ("malformed", "-0", wire.replacing("\"v\":1", with: "\"v\":1,\"x\":-0")),
            (
                "malformed", "a fraction in a member nobody knows",
                wire.replacing("\"v\":1", with: "\"v\":1,\"x\":[0.5]")
            ),
            ("malformed", "beyond the range", wire.replacing("\"epoch\":1", with: "\"epoch\":4294967296")),
            ("malformed", "prev in the first place", wire.replacing("\"origin_seq\":4", with: "\"origin_seq\":1")),
            ("malformed", "at later than the event", "{\"at\":[281474976710655,0]," + wire.dropFirst()),
            ("malformed", "a payload that is null", wire.replacing("\"payload\":{", with: "\"payload\":null,\"x\":{")),
            ("malformed", "a fraction in a payload", wire.replacing("\"payload\":{", with: "\"payload\":{\"a\":0.5,")),
            ("malformed", "half a surrogate pair", wire.replacing("A comment", with: "\\ud83e")),
            ("notJSON", "it ends too early", String(wire.dropLast(3))),
            ("upgradeNeeded", "another version", wire.replacing("\"v\":1", with: "\"v\":2")),
            ("altered", "another text", wire.replacing("A comment", with: "Another")),
            ("altered", "another place", wire.replacing("\"origin_seq\":4", with: "\"origin_seq\":5")),
            ("altered", "the id of another event", wire.replacing(event.id.rawValue, with: other.id.rawValue)),
            (
                "wrongGroup", "another group",
                wire.replacing(group.rawValue, with: "sg_" + String(repeating: "a", count: 26))
            ),
        ]
        return cases.map { code, about, text in
            .object(unsorted: [
                JSONMember("about", .string(about)), JSONMember("code", .string(code)),
                JSONMember("wire", .string(text)),
            ])
        }
    }
}

extension String {
    fileprivate func without(_ part: String) -> String { replacing(part, with: "") }
}
