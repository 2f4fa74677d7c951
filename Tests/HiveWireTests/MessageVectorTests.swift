import Foundation
import HiveCrypto
import HiveModel
import HiveSync
import HiveWire
import Testing

/// `docs/vectors/messages.json`, which `scripts/check-vectors.py` recomputes with other libraries.
@Suite("Vectors of signed messages")
struct MessageVectorTests {
    private static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/vectors/messages.json")

    @Test("The vectors are what this program makes; OPENHIVE_WRITE_VECTORS=1 writes them anew")
    func vectorsAreCurrent() throws {
        let made = MessageVectors().fileBytes()
        if ProcessInfo.processInfo.environment["OPENHIVE_WRITE_VECTORS"] == "1" {
            try Data(made).write(to: Self.file)
        }
        #expect(Array(try Data(contentsOf: Self.file)) == made)
    }

    @Test("A peer record and an identity are read from the vectors with the text that was signed")
    func read() throws {
        let file = try JSONValue(parsing: Array(try Data(contentsOf: Self.file)))
        let signed = try #require(file["signed"]?.array)
        for (entry, text) in [
            (signed[0], try SignedPeerRecord(parsing: #require(signed[0]["wire"]).canonicalBytes()).signingMessage),
            (signed[1], try IdentityReply(parsing: #require(signed[1]["wire"]).canonicalBytes()).signingMessage),
        ] {
            #expect(String(decoding: text, as: UTF8.self) == entry["text"]?.string)
            let key = try #require(entry["key"]?.string.flatMap { PublicKey(base64: $0) })
            let signature = try #require(entry["signature"]?.string.flatMap { Base64.decode($0) })
            #expect(SwiftCrypto().isValid(signature: signature, message: text, key: key))
        }
    }
}
