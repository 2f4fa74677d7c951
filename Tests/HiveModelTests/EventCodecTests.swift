import HiveCrypto
import HiveModel
import HiveTestKit
import Testing

@Suite("Events on the wire")
struct EventCodecTests {
    let crypto = SwiftCrypto()
    var group = TestGroup(2, seed: 5, crypto: SwiftCrypto())

    /// A post with every member an event can have.
    private func fullEvent() -> Event {
        var writer = group.instances[1]
        let parents = Array(writer.events.map(\.id)) + group.owner.events.map(\.id)
        let refs = EventRefs(
            par: Array(parents.prefix(3)),
            auth: parents[0],
            re: parents[1],
            extra: [JSONMember("above", .int(-5)), JSONMember("po", .string("x")), JSONMember("z", .null)]
        )
        let payload = PostCreated(
            post: writer.entity("p1"),
            title: "Ünïcödé \u{1F980} \"quoted\"",
            content: nil,
            url: "https://example.org/?a=b&c",
            author: writer.agent("alice"),
            createdAtMs: 1_700_000_000_000
        )
        return writer.append(
            .postCreated,
            payload: payload.canonicalPayload,
            refs: refs,
            at: HybridTime(ms: 1_750_000_000_001, counter: 3)
        ) { header in
            header.extra = [
                JSONMember("a", .bool(true)),
                JSONMember("nested", .array([.object([JSONMember("k", .int(1))]), .null])),
                JSONMember("w", .string("é")), JSONMember("\u{10000}", .int(1)), JSONMember("\u{E000}", .int(2)),
            ]
        }
    }

    private func parse(_ text: String) throws(EventError) -> Event {
        try Event.parse(Array(text.utf8)[...], groupID: group.id, hashing: crypto)
    }

    @Test("Every event of a group is read back as it was written")
    func roundTrip() throws {
        var group = group
        var history = RandomHistory(SeededGenerator(seed: 3))
        history.write(200, into: &group)
        var parser = EventParser(groupID: group.id)
        for event in group.events + [fullEvent()] {
            let wire = event.wireBytes()
            #expect(try parser.parse(wire, hashing: crypto) == event)
            #expect(CanonicalJSON.isCanonical(event.header.canonicalBytes()))
            #expect(CanonicalJSON.isCanonical(event.payload))
            var appended = "x".bytes
            event.writeWire(into: &appended)
            #expect(appended == "x".bytes + wire)
        }
    }

    @Test("A header is hashed as the RFC 8785 form of all but id, payload and signature")
    func headerForm() throws {
        for event in [fullEvent(), group.owner.events[0], group.owner.events[1]] {
            let members = try #require(JSONValue(parsing: event.wireBytes()).members)
            var header = members.filter { !["id", "payload", "signature"].contains($0.key) }
            if event.header.isGenesis, let index = header.firstIndex(where: { $0.key == "group_id" }) {
                header[index].value = .string("")
            }
            #expect(event.header.canonicalBytes().text == JSONValue.object(header).canonicalBytes().text)
            #expect(event.hash == crypto.sha256(JSONValue.object(header).canonicalBytes()))
        }
    }

    @Test("The genesis carries its group's id on the wire and not in its header")
    func genesis() throws {
        let genesis = group.owner.events[0]
        #expect(genesis.header.groupID == nil && genesis.header.isGenesis)
        #expect(genesis.groupID == group.id && group.id == GroupID(genesisHash: genesis.hash))
        #expect(try JSONValue(parsing: genesis.wireBytes())["group_id"]?.string == group.id.rawValue)
        #expect(try parse(genesis.wireBytes().text) == genesis)
        let other = TestGroup(1, seed: 6, crypto: crypto)
        let moved = genesis.wireBytes().text.replacingFirst(group.id.rawValue, with: other.id.rawValue)
        let error = #expect(throws: EventError.self) {
            try Event.parse(moved.bytes[...], groupID: other.id, hashing: crypto)
        }
        #expect(error?.code == .altered)
    }

    @Test("Members in another order, with other escapes and white space, are the same event")
    func otherForms() throws {
        let event = fullEvent()
        let members = try #require(JSONValue(parsing: event.wireBytes()).members)
        for seed: UInt64 in 0..<20 {
            var generator = SeededGenerator(seed: seed)
            var text = "{ "
            for (index, member) in generator.shuffled(members).enumerated() {
                let key =
                    generator.chance(1, of: 3)
                    ? escaped(member.key) : JSONValue.string(member.key).canonicalBytes().text
                text += (index > 0 ? " ,\n" : "") + key + "\t: " + loose(member.value, &generator)
            }
            #expect(try parse(text + "} \r\n") == event)
        }
    }

    @Test("Each member is checked by itself", arguments: Self.badMembers)
    func faults(_ member: String, _ values: [String]) throws {
        let members = try #require(JSONValue(parsing: fullEvent().wireBytes()).members)
        for value in values {
            let others = members.filter { $0.key != member }
            let text = others.map {
                "\(JSONValue.string($0.key).canonicalBytes().text):\($0.value.canonicalBytes().text)"
            }
            let added = value == "-" ? [] : ["\"\(member)\":\(value)"]
            let wire = "{" + (text + added).joined(separator: ",") + "}"
            let error = #expect(throws: EventError.self, "\(member): \(value)") { try parse(wire) }
            #expect(
                error?.code == .malformed || error?.code == .notJSON,
                "\(member): \(value) is \(String(describing: error))"
            )
            #expect((error?.message.count ?? 0) > 10)
        }
    }

    /// Members of a full event and values that make it malformed; "-" = left out.
    static let badMembers: [(String, [String])] = [
        ("v", ["-", "null", "\"1\"", "1.0", "1e0", "[1]", "true", "-0", "01"]),
        ("id", ["-", "null", "7", "{}"]),
        ("group_id", ["-", "null", "1"]),
        ("origin_instance_id", ["-", "null", "\"\"", "\"inst_x\"", "\"inst_ABCDEFGHIJKLMNOPQRSTUVWXYZ\"", "1"]),
        ("epoch", ["-", "0", "-1", "4294967296", "1.0", "1e1", "\"1\"", "null", "-0", "01", "9007199254740993"]),
        ("origin_seq", ["-", "0", "281474976710656", "1", "2.5", "\"2\""]),
        ("prev", ["-", "\"\"", "null", "\"00\"", "\"\(String(repeating: "A", count: 64))\"", "0"]),
        ("origin_ts", ["-", "-1", "281474976710656", "1.5", "1e3", "99999999999999999999", "null"]),
        ("origin_lc", ["-", "-1", "65536", "\"0\""]),
        ("at", ["null", "[]", "[1]", "[1,2,3]", "[1,65536]", "[-1,0]", "{}", "[281474976710655,0]", "[1.0,0]", "1"]),
        ("event_type", ["-", "\"\"", "null", "\"\(String(repeating: "a", count: 65))\"", "7"]),
        (
            "refs",
            [
                "-", "null", "[]", "{\"par\":[]}", "{\"par\":null}", "{\"par\":[\"x\"]}", "{\"auth\":null}",
                "{\"auth\":\"\"}",
                "{\"re\":7}", "{\"a\":0.5}", "{\"a\":1,\"a\":1}", "{\"re\":\"x\"}",
                "{\"par\":[" + Array(repeating: "\"\(eventID)\"", count: 17).joined(separator: ",") + "]}",
                "{\"auth\":\"\(eventID)\",\"auth\":\"\(eventID)\"}",
            ]
        ),
        ("payload_hash", ["-", "\"\"", "null", "\"\(String(repeating: "0", count: 63))\""]),
        (
            "payload",
            [
                "-", "null", "[]", "\"{}\"", "1", "{\"a\":1,\"a\":1}", "{\"a\":\"\\ud800\"}", "{\"a\":-0}",
                "{\"a\":1.5}",
                "{\"value\":1.5}", "{\"a\":9007199254740992}", "{\"a\":\"\(String(repeating: "x", count: 262_144))\"}",
                String(repeating: "{\"a\":", count: 33) + "1" + String(repeating: "}", count: 33),
            ]
        ),
        ("signature", ["-", "null", "\"\"", "\"AAAA\"", "\"\(String(repeating: "*", count: 88))\""]),
        (
            "extra",
            [
                "0.5", "-0", "1e3", "9007199254740992",
                String(repeating: "[", count: 33) + String(repeating: "]", count: 33),
            ]
        ),
        ("extra", ["\"\(String(repeating: "x", count: 65_536))\"", "{\"a\":1,\"a\":2}", "\"\\udc00\"", "+1", "tru"]),
    ]

    private static let eventID = "abcdefghijklmnop_evt_abcdefghijklmnopqrstuvwxyz"

    @Test("A repeated member is malformed wherever it stands")
    func repeatedMembers() throws {
        let wire = fullEvent().wireBytes().text
        for member in ["\"v\":1", "\"epoch\":1", "\"w\":\"é\"", "\"\\u0076\":1", "\"id\":\"\""] {
            let error = #expect(throws: EventError.self) { try parse("{\(member),\(wire.dropFirst())") }
            #expect(error?.code == .malformed, "\(member)")
        }
    }

    @Test("Another version says that an upgrade is needed, whatever else it holds")
    func versions() throws {
        let wire = fullEvent().wireBytes().text
        let origin = group.instances[1].id
        for other in [
            wire.replacingFirst("\"v\":1", with: "\"v\":2"), wire.replacingFirst("\"v\":1", with: "\"v\":0"),
            "{\"v\":7}", "{\"unknown\":[0.5],\"v\":2,\"epoch\":\"new\"}",
        ] {
            let error = #expect(throws: EventError.self) { try parse(other) }
            #expect(error?.code == .upgradeNeeded)
        }
        let error = #expect(throws: EventError.self) { try parse(wire.replacingFirst("\"v\":1", with: "\"v\":2")) }
        #expect(error?.origin == origin && error?.place == Place(epoch: 1, seq: 2))
    }

    @Test("A malformed event still names its log where that can be read")
    func faultNamesItsLog() throws {
        let wire = fullEvent().wireBytes().text.replacingFirst("\"prev\":\"", with: "\"prev\":\"x")
        let error = #expect(throws: EventError.self) { try parse(wire) }
        #expect(error?.code == .malformed)
        #expect(error?.origin == group.instances[1].id && error?.place == Place(epoch: 1, seq: 2))
        #expect(error?.message.contains("prev") == true)
    }

    @Test("An event changed on its way is told from a malformed one")
    func altered() throws {
        let event = fullEvent()
        let wire = event.wireBytes().text
        for changed in [
            wire.replacingFirst("Ünïcödé", with: "Other"),
            wire.replacingFirst("\"epoch\":1", with: "\"epoch\":2"),
            wire.replacingFirst(event.id.rawValue, with: group.owner.events[0].id.rawValue),
            wire.replacingFirst("\"w\":\"é\"", with: "\"w\":\"e\u{301}\""),
        ] {
            let error = #expect(throws: EventError.self) { try parse(changed) }
            #expect(error?.code == .altered, "\(String(describing: error))")
        }
        let foreign = #expect(throws: EventError.self) {
            try Event.parse(wire.bytes[...], groupID: TestGroup(1, seed: 9, crypto: crypto).id, hashing: crypto)
        }
        #expect(foreign?.code == .wrongGroup)
    }

    @Test("Signatures are over the mark and the hash in hex")
    func signatures() {
        let event = fullEvent()
        let key = group.instances[1].logKey.publicKey
        #expect(Event.signingMessage(event.hash).text == "openhive-event-v1\n\(event.hash.hex)")
        #expect(event.isSigned(by: key, crypto))
        #expect(!event.isSigned(by: group.owner.logKey.publicKey, crypto))
        var forged = event
        forged.signature[7] ^= 1
        #expect(!forged.isSigned(by: key, crypto))
    }

    @Test("A setting's value may hold fractions, nothing else may")
    func fractions() throws {
        var writer = group.instances[0]
        let payload = "{\"key\":\"ratio\",\"value\":{\"a\":[0.1,1e+21,5e-324]}}"
        let setting = writer.append(.hiveSettingChanged, payload: payload.bytes)
        #expect(try parse(setting.wireBytes().text) == setting)
        let other = writer.append(.voteCast, payload: payload.bytes)
        #expect(#expect(throws: EventError.self) { try parse(other.wireBytes().text) }?.code == .malformed)
        let elsewhere = writer.append(.hiveSettingChanged, payload: "{\"key\":0.5,\"value\":0.5}".bytes)
        #expect(#expect(throws: EventError.self) { try parse(elsewhere.wireBytes().text) }?.code == .malformed)
    }

    @Test("A payload in another form is brought into the canonical one before it is hashed")
    func looseIntegers() throws {
        var writer = group.instances[0]
        let event = writer.append(.init("thing_counted"), payload: "{\"a\":100,\"b\":\"\u{E9}\"}".bytes)
        let wire = event.wireBytes().text.replacingFirst(
            "{\"a\":100,\"b\":\"é\"}",
            with: "{ \"b\":\"\\u00E9\", \"a\":1.0E2 }"
        )
        #expect(try parse(wire) == event)
    }

    @Test("Damaged events never trap and never pass")
    func neverTraps() {
        let event = fullEvent()
        let wire = event.wireBytes()
        var generator = SeededGenerator(seed: 99)
        var parser = EventParser(groupID: group.id)
        var refused = 0
        for round in 0..<20_000 {
            var bytes = wire
            if round % 4 == 0 {
                bytes.removeLast(generator.below(bytes.count))
            } else {
                RandomJSON.alter(&bytes, &generator)
                RandomJSON.alter(&bytes, &generator)
            }
            do throws(EventError) {
                var read = try parser.parse(bytes, hashing: crypto)
                // The signature alone is covered by no hash.
                read.signature = event.signature
                #expect(read == event, "\(bytes.text)")
            } catch {
                refused += 1
            }
        }
        #expect(refused > 15_000)
    }

    @Test("A part of a buffer can be read as an event")
    func partsOfBuffers() throws {
        var parser = EventParser(groupID: group.id)
        var lines: [UInt8] = []
        var ranges: [Range<Int>] = []
        for event in group.events {
            let start = lines.count
            event.writeWire(into: &lines)
            ranges.append(start..<lines.count)
            lines.append(0x0A)
        }
        for (range, event) in zip(ranges, group.events) {
            #expect(try parser.parse(lines, in: range, hashing: crypto) == event)
        }
        #expect(throws: EventError.self) { try parser.parse(lines, in: 0..<lines.count, hashing: crypto) }
        #expect(throws: EventError.self) { try parser.parse(lines, in: 5..<5, hashing: crypto) }
        #expect(throws: EventError.self) { try parser.parse(lines, in: 100_000..<200_000, hashing: crypto) }
    }

    // MARK: Other forms of the same text

    private func escaped(_ text: String) -> String {
        "\"" + text.utf16.map { unit in "\\u" + Hex.encode([UInt8(unit >> 8), UInt8(unit & 255)]) }.joined() + "\""
    }

    private func loose(_ value: JSONValue, _ generator: inout SeededGenerator) -> String {
        switch value {
        case .string(let text) where generator.chance(1, of: 2): escaped(text)
        case .array(let elements): "[ " + elements.map { loose($0, &generator) }.joined(separator: " , ") + "]"
        case .object(let members):
            "{ "
                + generator.shuffled(members).map { "\(escaped($0.key)) : \(loose($0.value, &generator))" }
                .joined(separator: ",\n") + "}"
        default: value.canonicalBytes().text
        }
    }
}

extension String {
    /// The text with the first place of `part` replaced; a part that is not there would make a test say nothing.
    fileprivate func replacingFirst(_ part: String, with other: String) -> String {
        guard let range = firstRange(of: part) else { return "\(part) is not in the text" }
        return replacingCharacters(in: range, with: other)
    }

    private func replacingCharacters(in range: Range<String.Index>, with other: String) -> String {
        String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
    }
}
