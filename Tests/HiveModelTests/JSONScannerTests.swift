import HiveModel
import HiveTestKit
import Testing

@Suite("Strict JSON")
struct JSONScannerTests {
    static let malformed: [(String, JSONError.Code)] = [
        ("", .syntax), ("  ", .syntax), ("{", .syntax), ("}", .syntax), ("[", .syntax), ("]", .syntax), (",", .syntax),
        ("[1,]", .syntax), ("[,1]", .syntax), ("[1 2]", .syntax), ("[1,,2]", .syntax), ("{,}", .syntax),
        ("{\"a\"}", .syntax), ("{\"a\":}", .syntax), ("{\"a\" 1}", .syntax), ("{\"a\":1,}", .syntax),
        ("{a:1}", .syntax),
        ("{'a':1}", .syntax), ("{1:1}", .syntax), ("{\"a\":1 \"b\":2}", .syntax), ("[1}", .syntax),
        ("{\"a\":1]", .syntax),
        ("01", .syntax), ("-", .syntax), ("+1", .syntax), (".5", .syntax), ("1.", .syntax), ("1.e2", .syntax),
        ("1e", .syntax), ("1e+", .syntax), ("-01", .syntax), ("0x10", .syntax), ("1_000", .syntax), ("NaN", .syntax),
        ("Infinity", .syntax), ("-Infinity", .syntax), ("1e309", .number), ("-1e400", .number),
        ("tru", .syntax), ("True", .syntax), ("nul", .syntax), ("truefalse", .syntax), ("null1", .syntax),
        ("\"", .syntax), ("\"a", .syntax), ("\"\\", .syntax), ("\"\\x\"", .syntax), ("\"\\u12\"", .syntax),
        ("\"\\u12G4\"", .syntax), ("\"\\u 123\"", .syntax), ("\"\n\"", .syntax), ("\"\u{1}\"", .syntax),
        ("\"\\ud800\"", .loneSurrogate), ("\"\\udc00\"", .loneSurrogate), ("\"\\ud800\\ud800\"", .loneSurrogate),
        ("\"\\ud800x\"", .loneSurrogate), ("\"\\ud800\\u0041\"", .loneSurrogate),
        ("\"\\udfff\\ud800\"", .loneSurrogate),
        ("{\"a\":1,\"a\":1}", .duplicateKey), ("{\"a\":1,\"b\":2,\"\\u0061\":3}", .duplicateKey),
        ("[{\"x\":{\"\":0,\"\":0}}]", .duplicateKey), ("1 2", .syntax), ("{} {}", .syntax), ("[]x", .syntax),
        ("\u{FEFF}1", .syntax), ("/* a */1", .syntax), ("1//", .syntax), ("[1]\u{0}", .syntax), ("\u{B}1", .syntax),
    ]

    @Test("What RFC 8259 does not allow is refused with a sentence", arguments: malformed)
    func refused(_ text: String, _ code: JSONError.Code) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text.bytes) }
        #expect(error?.code == code)
        #expect((error?.message.count ?? 0) > 10)
        #expect((0...text.utf8.count).contains(error?.offset ?? -1))
    }

    @Test(
        "Bytes that are no UTF-8 are refused",
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF], [0xE2, 0x82], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xFE], [0xE2, 0x28, 0xA1], [0xF0, 0x9F, 0x98], [0xC3, 0x22],
        ] as [[UInt8]]
    )
    func invalidUTF8(_ bytes: [UInt8]) {
        for lead in ["", "1234567", "12345678", "a longer lead than that"] {
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22] + lead.bytes + bytes + [0x22]) }
            #expect(error?.code == .syntax)
        }
    }

    @Test("Every allowed form is read")
    func accepted() throws {
        let text =
            " { \"a\" : [ 1 , -2.5e-1 , true , false , null , \"x\\u00e9\\n\" , { } , [ ] ] ,\r\n\t\"b\" : \"\" } "
        let value = try JSONValue(parsing: text.bytes)
        #expect(
            value["a"]
                == .array([
                    .int(1), .double(-0.25), .bool(true), .bool(false), .null, .string("xé\n"), .object([]), .array([]),
                ])
        )
        #expect(value["b"]?.string == "")
        #expect(value["c"] == nil)
    }

    @Test("The place of a fault is told")
    func offsets() {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "{\"a\":[1,2,x]}".bytes) }
        #expect(error?.offset == 10)
        #expect(error?.description.contains("byte 10") == true)
    }

    @Test("Depth and length are bounded")
    func limits() throws {
        func nested(_ depth: Int) -> [UInt8] {
            (String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).bytes
        }
        #expect(try JSONValue(parsing: nested(32)).array?.count == 1)
        #expect(#expect(throws: JSONError.self) { try JSONValue(parsing: nested(33)) }?.code == .limit)
        #expect(#expect(throws: JSONError.self) { try JSONValue(parsing: nested(1_000_000)) }?.code == .limit)
        let short = JSONLimits(bytesMax: 4)
        #expect(
            #expect(throws: JSONError.self) { try JSONValue(parsing: "12345".bytes, limits: short) }?.code == .limit
        )
        #expect(try JSONValue(parsing: "1234".bytes, limits: short) == .int(1234))
    }

    @Test("Stricter reading refuses -0 and what is no integer in plain digits")
    func stricter() throws {
        let noNegativeZero = JSONLimits(allowsNegativeZero: false)
        for text in ["-0", "-0.0", "-0e5", "[-0]"] {
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text.bytes, limits: noNegativeZero) }
            #expect(error?.code == .number)
        }
        let integersOnly = JSONLimits(integersOnly: true)
        for text in ["1.0", "1e2", "9007199254740992", "-0", "0.5"] {
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text.bytes, limits: integersOnly) }
            #expect(error?.code == .number)
        }
        #expect(try JSONValue(parsing: "[0,-1]".bytes, limits: integersOnly) == .array([.int(0), .int(-1)]))
    }

    @Test("An object can be read member by member and parts of it skipped")
    func pulling() throws {
        let text = "{\"skip\":{\"a\":[1,\"}\"]}, \"number\":7,\"flag\":true ,\"none\":null,\"list\":[\"x\",\"y\"]}"
        var texts: [String] = []
        var number: Int64?
        var flag: Bool?
        var skipped: Range<Int>?
        try JSONScanner.scan(text.bytes) { (scanner) throws(JSONError) in
            try scanner.beginObject()
            while let key = try scanner.nextKey() {
                if key.is("number") {
                    number = try scanner.integer()
                } else if key.is("flag") {
                    flag = try scanner.bool()
                } else if key.is("none") {
                    #expect(try scanner.null())
                } else if key.is("list") {
                    try scanner.beginArray()
                    while try scanner.nextElement() { texts.append(try scanner.string()) }
                } else {
                    skipped = try scanner.skip()
                }
            }
            try scanner.finish()
        }
        #expect(number == 7 && flag == true && texts == ["x", "y"])
        #expect(skipped.map { Array(text.bytes[$0]).text } == "{\"a\":[1,\"}\"]}")
    }

    @Test("A value of another type than needed is named")
    func mismatches() {
        let error = #expect(throws: JSONError.self) {
            try JSONScanner.scan("{\"a\":\"7\"}".bytes) { (scanner) throws(JSONError) in
                try scanner.beginObject()
                _ = try scanner.nextKey()
                _ = try scanner.integer()
            }
        }
        #expect(error?.code == .type)
        #expect(error?.message == "The value should be an integer.")
    }

    @Test("No bytes make it trap")
    func neverTraps() {
        var generator = SeededGenerator(seed: 8259)
        let telling = Array("{}[]\",:\\u-+.eE0123456789truefalsn \n".utf8)
        var readable = 0
        for round in 0..<30_000 {
            var bytes = (0..<generator.below(40)).map { _ in generator.pick(telling) ?? 0 }
            if round % 3 == 0 { bytes = generator.bytes(generator.below(40)) }
            if round % 3 == 1 {
                bytes = RandomJSON.value(&generator, depth: 3).canonicalBytes()
                RandomJSON.alter(&bytes, &generator)
            }
            if (try? JSONValue(parsing: bytes)) != nil { readable += 1 }
            _ = try? JSONScanner.scan(bytes) { (scanner) throws(JSONError) in try scanner.skip() }
        }
        #expect(readable > 1000)
    }
}
