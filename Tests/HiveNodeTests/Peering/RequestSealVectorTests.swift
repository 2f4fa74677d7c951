import Foundation
import HiveCrypto
import HiveModel
import Testing

@testable import HivePeering

@Suite("The vector of a signed request")
struct RequestSealVectorTests {
    @Test("The header of the vector is accepted for its request and for no other")
    func accepted() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/vectors/messages.json")
        let file = try JSONValue(parsing: Array(try Data(contentsOf: path)))
        let vector = try #require(file["authenticated"]?.array?.last)
        let seal = try #require(vector["authorization"]?.string.flatMap { RequestSeal(header: $0) })
        let asked = try #require(vector["path"]?.string)
        let key = SwiftCrypto().sha256(Array("example-token-0123456789".utf8)).bytes
        #expect(seal.isValid(method: "GET", path: asked, body: [], tokenHash: key))
        #expect(!seal.isValid(method: "POST", path: asked, body: [], tokenHash: key))
        #expect(!seal.isValid(method: "GET", path: asked + "?x=1", body: [], tokenHash: key))
    }
}
