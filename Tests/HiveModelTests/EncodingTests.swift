import HiveModel
import HiveTestKit
import Testing

@Suite("Text forms of bytes")
struct EncodingTests {
    @Test(
        "Base32 is RFC 4648's, in lower case and unpadded",
        arguments: [
            ("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foob", "mzxw6yq"), ("fooba", "mzxw6ytb"),
            ("foobar", "mzxw6ytboi"),
        ]
    )
    func base32(_ text: String, _ encoded: String) {
        #expect(Base32.encode(text.bytes, length: 100) == encoded)
        #expect(Base32.encode(text.bytes, length: 3) == String(encoded.prefix(3)))
    }

    @Test("Ids show the first 130 bits of a hash")
    func identifiers() throws {
        var generator = SeededGenerator(seed: 32)
        let prefix = try #require(InstancePrefix("abcdefghijklmn27"))
        for _ in 0..<100 {
            let hash = try #require(Hash256(bytes: generator.bytes(32)))
            let text = Base32.encode(hash.bytes, length: 26)
            #expect(GroupID(genesisHash: hash).rawValue == "sg_\(text)")
            #expect(EventID(prefix: prefix, hash: hash).rawValue == "abcdefghijklmn27_evt_\(text)")
            #expect(EventID("abcdefghijklmn27_evt_\(text)") == EventID(prefix: prefix, hash: hash))
        }
    }

    @Test("What is no id is refused")
    func badIdentifiers() {
        let good = "inst_abcdefghijklmnopqrstuvwxyz"
        #expect(InstanceID(good)?.prefix.rawValue == "abcdefghijklmnop")
        for bad in [
            "", "inst_", "inst_abcdefghijklmnopqrstuvwxy", good + "a", "inst_abcdefghijklmnopqrstuvwxy1",
            "inst_ABCDEFGHIJKLMNOPQRSTUVWXYZ", "Inst_abcdefghijklmnopqrstuvwxyz", "sg_abcdefghijklmnopqrstuvwxyz",
            "inst_abcdefghijklmnopqrstuvwxé",
        ] {
            #expect(InstanceID(bad) == nil, "\(bad)")
        }
        #expect(EventID("abcdefghijklmnop_evt_abcdefghijklmnopqrstuvwxyz") != nil)
        #expect(EventID("abcdefghijklmnop_evu_abcdefghijklmnopqrstuvwxyz") == nil)
        #expect(EventID("abcdefghijklmno1_evt_abcdefghijklmnopqrstuvwxyz") == nil)
        #expect(EventID("abcdefghijklmnop_evt_abcdefghijklmnopqrstuvwxy1") == nil)
        #expect(EntityID("") == nil)
        #expect(EntityID(String(repeating: "a", count: 80)) != nil)
        #expect(EntityID(String(repeating: "a", count: 81)) == nil)
        #expect(EntityID("a.b") == nil)
    }

    @Test(
        "Base64 is RFC 4648's",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ]
    )
    func base64(_ text: String, _ encoded: String) {
        #expect(Base64.encode(text.bytes) == encoded)
        #expect(Base64.decode(encoded) == text.bytes)
        let unpadded = encoded.filter { $0 != "=" }
        #expect(Base64URL.encode(text.bytes) == unpadded)
        #expect(Base64URL.decode(unpadded) == text.bytes)
    }

    @Test(
        "Base64 has one text for one value",
        arguments: ["Zg", "Zg=", "Zh==", "Zm9=", "Zg==\n", "Z g==", "Zm9v=", "====", "=", "Zg=a", "Zm-_", "A", "AAAAA"]
    )
    func strictBase64(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test("The alphabets differ in two characters")
    func alphabets() {
        let bytes: [UInt8] = [0xFB, 0xEF, 0xFF]
        #expect(Base64.encode(bytes) == "++//")
        #expect(Base64URL.encode(bytes) == "--__")
        #expect(Base64URL.decode("++//") == nil)
        #expect(Base64URL.decode("A") == nil)
        #expect(Base64URL.decode("AB") == nil)
        let all = (0...255).map { UInt8($0) }
        #expect(Base64.decode(Base64.encode(all)) == all)
    }

    @Test("Hex is lower case and even")
    func hex() {
        #expect(Hex.encode([0x00, 0x9A, 0xFF]) == "009aff")
        #expect(Hex.decode("009aff") == [0x00, 0x9A, 0xFF])
        for bad in ["0", "0g", "FF", "é", " 0"] { #expect(Hex.decode(bad) == nil) }
        let text = "00112233445566778899aabbccddeeff0f1e2d3c4b5a69788796a5b4c3d2e1f0"
        #expect(Hash256(hex: text)?.hex == text)
        #expect(Hash256(hex: text)?.bytes == Hex.decode(text))
        #expect(Hash256(hex: String(text.dropLast())) == nil)
        #expect(Hash256(hex: text.uppercased()) == nil)
    }

    @Test("A stamp's bytes read back, and their order is the stamps' order")
    func stamps() throws {
        var generator = SeededGenerator(seed: 28)
        let characters = Array("234567abcdefghijklmnopqrstuvwxyz")
        func number(_ max: Int64) -> Int64 {
            generator.chance(1, of: 3) ? Int64(generator.below(3)) : Int64(generator.below(Int(max) + 1))
        }
        var stamps: [Stamp] = []
        for _ in 0..<400 {
            let text = String((0..<16).map { _ in characters[generator.below(generator.chance(1, of: 2) ? 32 : 2)] })
            stamps.append(
                Stamp(
                    time: HybridTime(ms: number(HybridTime.msMax), counter: number(HybridTime.counterMax)),
                    prefix: try #require(InstancePrefix(text)),
                    place: Place(epoch: number(Limits.epochMax), seq: number(Limits.seqMax))
                )
            )
        }
        for stamp in stamps {
            #expect(stamp.encoded.count == Stamp.encodedByteCount)
            #expect(Stamp(encoded: stamp.encoded) == stamp)
        }
        for (left, right) in zip(stamps, generator.shuffled(stamps)) {
            #expect(left.encoded.lexicographicallyPrecedes(right.encoded) == (left < right))
        }
        #expect(Stamp(encoded: [1, 2, 3]) == nil)
    }

    @Test(
        "Times are ISO 8601 with milliseconds",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_732_000_000_123, "2024-11-19T07:06:40.123Z"),
            (-1, "1969-12-31T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
        ] as [(Int64, String)]
    )
    func times(_ ms: Int64, _ text: String) {
        #expect(ISOTime.text(ms) == text)
        #expect(ISOTime.milliseconds(text) == ms)
    }

    @Test("Every number of milliseconds has a text, and only times are read")
    func oddTimes() {
        #expect(ISOTime.text(HybridTime.msMax) == "+010889-08-02T05:31:50.655Z")
        #expect(ISOTime.text(-62_167_219_200_001) == "-000001-12-31T23:59:59.999Z")
        #expect(ISOTime.text(Int64.max).hasSuffix("Z") && ISOTime.text(Int64.min).hasSuffix("Z"))
        #expect(ISOTime.milliseconds("2024-11-19T07:06:40Z") == 1_732_000_000_000)
        for bad in [
            "", "2024-11-19", "2024-11-19T07:06:40", "2024-11-19 07:06:40Z", "2024-13-01T00:00:00Z",
            "2023-02-29T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z",
            "2024-00-01T00:00:00Z", "2024-01-00T00:00:00Z", "2024-01-01T00:00:00.12Z", "2024-01-01T00:00:00,123Z",
            "２024-01-01T00:00Z",
        ] {
            #expect(ISOTime.milliseconds(bad) == nil, "\(bad)")
        }
        var generator = SeededGenerator(seed: 8601)
        for _ in 0..<2000 {
            let ms = Int64(generator.below(253_402_300_800_000))
            #expect(ISOTime.milliseconds(ISOTime.text(ms)) == ms)
        }
    }

    @Test("The writer sets commas, escapes and nulls")
    func writer() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("a")
        writer.beginArray()
        writer.int(1)
        writer.string("x\"y")
        writer.beginObject()
        writer.endObject()
        writer.null()
        writer.endArray()
        writer.key("b")
        writer.bool(false)
        writer.key(text: "c\n")
        writer.double(0.5)
        writer.key("d")
        writer.string(nil as String?)
        writer.key("t")
        writer.isoMilliseconds(0)
        writer.key("raw")
        writer.raw("[1]".utf8)
        writer.key("min")
        writer.int(Int64.min)
        writer.endObject()
        let expected =
            #"{"a":[1,"x\"y",{},null],"b":false,"c\n":0.5,"d":null,"t":"1970-01-01T00:00:00.000Z","#
            + #""raw":[1],"min":-9223372036854775808}"#
        #expect(writer.bytes.text == expected)
        writer.reset()
        writer.int(0)
        #expect(writer.bytes.text == "0")
    }
}
