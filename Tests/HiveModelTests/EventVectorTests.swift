import Foundation
import HiveCrypto
import HiveModel
import Testing

/// `docs/vectors/events.json`, which `scripts/check-vectors.py` recomputes with other libraries.
@Suite("Event vectors")
struct EventVectorTests {
    @Test("The vectors are what this program makes; OPENHIVE_WRITE_VECTORS=1 writes them anew")
    func vectorsAreCurrent() throws {
        let made = EventVectors().fileBytes()
        if ProcessInfo.processInfo.environment["OPENHIVE_WRITE_VECTORS"] == "1" {
            try Data(made).write(to: VectorFiles.directory.appending(path: "events.json"))
        }
        #expect(try VectorFiles.bytes("events.json") == made)
    }

    @Test("Every vector is read with its hash, and every other text of an event as that event")
    func vectorsAreRead() throws {
        let file = try JSONValue(parsing: VectorFiles.bytes("events.json"))
        let group = try #require(file["group_id"]?.string.flatMap { GroupID($0) })
        var parser = EventParser(groupID: group)
        let vectors = try #require(file["events"]?.array) + #require(file["equivalent"]?.array)
        #expect(vectors.count > 20)
        for vector in vectors {
            let event = try parser.parse(#require(vector["wire"]?.string).bytes, hashing: SwiftCrypto())
            #expect(event.hash.hex == vector["hash"]?.string, "\(String(describing: vector["about"]))")
            guard let key = vector["signing_key"]?.string.flatMap({ PublicKey(base64: $0) }) else { continue }
            #expect(event.isSigned(by: key, SwiftCrypto()))
        }
    }

    @Test("Every type whose payload is read is among them, and every transfer's signed text is that of the vector")
    func typesAreCovered() throws {
        let file = try JSONValue(parsing: VectorFiles.bytes("events.json"))
        let group = try #require(file["group_id"]?.string.flatMap { GroupID($0) })
        var parser = EventParser(groupID: group)
        var types: Set<EventType> = []
        for vector in try #require(file["events"]?.array) {
            let event = try parser.parse(#require(vector["wire"]?.string).bytes, hashing: SwiftCrypto())
            let payload = EventPayload(of: event)
            if let type = payload.type { types.insert(type) }
            guard case .ownerChanged(let change) = payload else { continue }
            #expect(change.signedText(group: group).text == vector["owner_text"]?.string)
        }
        let expected: Set<EventType> = [
            .groupCreated, .epochOpened, .instanceAdded, .instanceRemoved, .ownerChanged, .moderatorChanged,
            .membershipChanged, .hiveSettingChanged, .postCreated, .postUpdated, .postDeleted, .postPinned,
            .commentCreated, .commentUpdated, .commentDeleted, .voteCast, .agentProfileChanged,
        ]
        #expect(types == expected)
    }

    @Test("Every text that is no event is refused for its reason")
    func refused() throws {
        let file = try JSONValue(parsing: VectorFiles.bytes("events.json"))
        let group = try #require(file["group_id"]?.string.flatMap { GroupID($0) })
        var parser = EventParser(groupID: group)
        for vector in try #require(file["refused"]?.array) {
            let wire = try #require(vector["wire"]?.string)
            do throws(EventError) {
                _ = try parser.parse(wire.bytes, hashing: SwiftCrypto())
                Issue.record("Taken: \(wire)")
            } catch {
                #expect("\(error.code)" == vector["code"]?.string, "\(String(describing: vector["about"])): \(error)")
            }
        }
    }
}
