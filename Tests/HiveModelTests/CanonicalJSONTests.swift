import HiveModel
import HiveTestKit
import Testing

@Suite("RFC 8785")
struct CanonicalJSONTests {
    static let names = ["arrays", "french", "structures", "unicode", "values", "weird"]

    @Test("The vectors of the RFC's authors come out byte by byte", arguments: names)
    func vectors(_ name: String) throws {
        let input = try VectorFiles.bytes("rfc8785/input/\(name).json")
        let expected = try VectorFiles.bytes("rfc8785/output/\(name).json")
        let hex = try VectorFiles.text("rfc8785/outhex/\(name).txt").filter { !$0.isWhitespace }
        let canonical = try CanonicalJSON.canonicalise(input)
        #expect(canonical.text == expected.text)
        #expect(Hex.encode(canonical) == hex)
        #expect(CanonicalJSON.isCanonical(expected))
        #expect(!CanonicalJSON.isCanonical(input))
    }

    /// RFC 8785, appendix B, and the edges of ECMAScript's layout.
    @Test(
        "Numbers are printed as ECMAScript does",
        arguments: [
            (0x0000_0000_0000_0001, "5e-324"), (0x8000_0000_0000_0001, "-5e-324"),
            (0x7FEF_FFFF_FFFF_FFFF, "1.7976931348623157e+308"), (0xFFEF_FFFF_FFFF_FFFF, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"), (0xC340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"), (0x44B5_2D02_C7E1_4AF5, "9.999999999999997e+22"),
            (0x44B5_2D02_C7E1_4AF6, "1e+23"), (0x44B5_2D02_C7E1_4AF7, "1.0000000000000001e+23"),
            (0x444B_1AE4_D6E2_EF4E, "999999999999999700000"), (0x444B_1AE4_D6E2_EF4F, "999999999999999900000"),
            (0x444B_1AE4_D6E2_EF50, "1e+21"), (0x3EB0_C6F7_A0B5_ED8C, "9.999999999999997e-7"),
            (0x3EB0_C6F7_A0B5_ED8D, "0.000001"), (0x41B3_DE43_5555_5553, "333333333.3333332"),
            (0x41B3_DE43_5555_5554, "333333333.33333325"), (0x41B3_DE43_5555_5555, "333333333.3333333"),
            (0x41B3_DE43_5555_5556, "333333333.3333334"), (0x41B3_DE43_5555_5557, "333333333.33333343"),
            (0xBECB_F647_612F_3696, "-0.0000033333333333333333"),
            (0x4314_3FF3_C1CB_0959, "1424953923781206.2"),
        ] as [(UInt64, String)]
    )
    func numbers(_ bits: UInt64, _ text: String) throws {
        let number = Double(bitPattern: bits)
        #expect(JSONValue.double(number).canonicalBytes().text == text)
        #expect(try JSONValue(parsing: text.bytes).canonicalBytes().text == text)
        #expect(CanonicalJSON.isCanonical(text.bytes))
    }

    @Test(
        "Numbers in another form are brought into this one",
        arguments: [
            ("-0", "0"), ("-0.0e7", "0"), ("1.0", "1"), ("1e2", "100"), ("1E+2", "100"), ("10e-1", "1"),
            ("100000000000000000000", "100000000000000000000"), ("1000000000000000000000", "1e+21"),
            ("0.0000001", "1e-7"), ("1.50", "1.5"), ("123456789012345678", "123456789012345680"),
            ("9007199254740993", "9007199254740992"), ("2e-1", "0.2"), ("1e-400", "0"),
        ]
    )
    func otherForms(_ text: String, _ canonical: String) throws {
        #expect(try CanonicalJSON.canonicalise(text.bytes).text == canonical)
        #expect(CanonicalJSON.isCanonical(text.bytes) == (text == canonical))
    }

    @Test("What reads as an integer within 2^53 - 1 is one")
    func integers() throws {
        #expect(try JSONValue(parsing: "9007199254740991".bytes) == .int(9_007_199_254_740_991))
        #expect(try JSONValue(parsing: "-9007199254740991".bytes) == .int(-9_007_199_254_740_991))
        #expect(try JSONValue(parsing: "9007199254740992".bytes) == .double(9_007_199_254_740_992))
        #expect(try JSONValue(parsing: "1.0e3".bytes) == .int(1000))
    }

    @Test("Keys are ordered by UTF-16, where characters beyond U+FFFF come before U+E000")
    func keyOrder() throws {
        let text =
            "{\"\u{E000}\":1,\"\u{10000}\":2,\"\u{D7FF}\":3,\"z\":4,\"\":5,\"\u{FFFD}\":6,\"\u{10FFFF}\":7,\"zz\":8}"
        let canonical = try CanonicalJSON.canonicalise(text.bytes)
        let order =
            "{\"\":5,\"z\":4,\"zz\":8,\"\u{D7FF}\":3,\"\u{10000}\":2,\"\u{10FFFF}\":7,\"\u{E000}\":1,\"\u{FFFD}\":6}"
        #expect(canonical == order.bytes)
        #expect(CanonicalJSON.isCanonical(order.bytes))
    }

    @Test("Texts that differ only in canonical equivalence are different keys and values")
    func equivalence() throws {
        let value = try JSONValue(parsing: "{\"e\u{301}\":1,\"\u{E9}\":2}".bytes)
        #expect(value.members?.count == 2)
        #expect(JSONValue.string("e\u{301}") != .string("\u{E9}"))
        #expect(value["\u{E9}"] == .int(2))
    }

    @Test("Strings escape what they must and nothing else")
    func escapes() throws {
        let text = #"{"a":"\u0000\u001f\b\t\n\f\r\"\\/\u007f\u2028<\ud83d\ude00é"}"#
        let expected = "{\"a\":\"\\u0000\\u001f\\b\\t\\n\\f\\r\\\"\\\\/\u{7F}\u{2028}<😀é\"}"
        #expect(try CanonicalJSON.canonicalise(text.bytes) == expected.bytes)
        #expect(CanonicalJSON.isCanonical(expected.bytes))
    }

    @Test(
        "Text that is not in canonical form is told apart",
        arguments: [
            "", " 1", "1 ", "{\"a\": 1}", "{\"b\":1,\"a\":2}", "{\"a\":1,\"a\":2}", "[1,]", "[1 ,2]", "01", "-0", "1.0",
            "\"\\u0041\"", "\"\\/\"", "\"\\u001F\"", "\"\\u000a\"", "\"\\u007f\"", "{\"\\u0061\":1}", "tru", "nul",
            "\"\u{0001}\"", "{\"a\"}", "{", "[", "\"", "\"\\", "\"\\u00", "-", "1e2", "{\"a\":1", "[[]", "{,}", "1}",
        ]
    )
    func notCanonical(_ text: String) {
        #expect(!CanonicalJSON.isCanonical(text.bytes))
    }

    @Test("Whatever is written is read back as the same and is canonical")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 8785)
        for _ in 0..<3000 {
            let value = RandomJSON.value(&generator, depth: 4)
            let bytes = value.canonicalBytes()
            #expect(try JSONValue(parsing: bytes) == value)
            #expect(CanonicalJSON.isCanonical(bytes), "\(bytes.text)")
        }
    }

    @Test("The quick check agrees with reading, writing and comparing, on altered texts too")
    func quickCheckAgrees() {
        var generator = SeededGenerator(seed: 1)
        var canonicalCount = 0
        for _ in 0..<20_000 {
            var bytes = RandomJSON.value(&generator, depth: 3).canonicalBytes()
            RandomJSON.alter(&bytes, &generator)
            let isCanonical = (try? CanonicalJSON.canonicalise(bytes)) == bytes
            if isCanonical { canonicalCount += 1 }
            #expect(CanonicalJSON.isCanonical(bytes) == isCanonical, "\(bytes.text)")
        }
        #expect(canonicalCount > 1000)
    }
}
