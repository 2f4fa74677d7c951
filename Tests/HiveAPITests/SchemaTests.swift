import HTTPTypes
import HiveAPI
import HiveModel
import HivePorts
import Testing

@testable import HiveHTTP

struct SchemaTests {
    private static func issues(_ json: String, _ schema: Schema) throws -> [ValidationIssue] {
        var validator = SchemaValidator()
        validator.check(try JSONValue(parsing: Array(json.utf8)), schema)
        return validator.issues
    }

    @Test(
        "URLs are http or https with a host",
        arguments: [
            ("http://a", true), ("https://example.org/x?y#z", true), ("HTTPS://EXAMPLE.ORG", true),
            ("http://[::1]:80/", true),
            ("http://bücher.example/", true), ("http://1.2.3.4:65535", true), ("", false), ("http://", false),
            ("http:///x", false), ("ftp://a", false), ("//a", false), ("a", false), ("javascript:alert(1)", false),
            ("http://a b", false), ("http://a:0", false), ("http://a:65536", false), ("http://a:b", false),
            ("http://user@a", false), ("http://a\u{0}", false), ("http://.a", false), ("http://[zz]", false),
            ("http://a\"b", false), ("data:text/html,x", false),
        ]
    )
    func urls(text: String, isValid: Bool) {
        #expect(WebURL.isValid(text) == isValid, "\(text)")
    }

    @Test("Issues carry the path to the value, through arrays and objects")
    func paths() throws {
        let schema = Schema.object([
            Field("list", .array(of: .object([Field("n", .integer(min: 1, max: 9))]), minCount: 1))
        ])
        let issues = try Self.issues(#"{"list":[{"n":1},{"n":"x"},{"n":10},{}]}"#, schema)
        #expect(issues.map(\.path) == [1, 2, 3].map { [.key("list"), .index($0), .key("n")] })
        #expect(issues.map(\.code) == ["invalid_type", "too_big", "invalid_type"])
        #expect(issues.last?.message == "Required")
        #expect(try Self.issues(#"{"list":[]}"#, schema).first?.code == "too_small")
    }

    @Test("A number with a fraction is no integer, and says so")
    func fractions() throws {
        let issue = try #require(try Self.issues("1.5", .integer()).first)
        #expect(issue.message == "Expected integer, received float")
    }

    @Test("Null passes only where it may")
    func nulls() throws {
        #expect(try Self.issues("null", .nullable(.text)).isEmpty)
        #expect(try Self.issues("null", .text).first?.message == "Expected string, received null")
    }

    @Test("Strict objects name the keys they do not know")
    func strict() throws {
        let issue = try #require(try Self.issues(#"{"b":1,"a":2}"#, .object([], isStrict: true)).first)
        #expect(issue.code == "unrecognized_keys")
        #expect(issue.message == "Unrecognized key(s) in object: 'a', 'b'")
    }

    @Test("Rules over several fields wait until the fields are right")
    func rules() throws {
        let rule = ObjectShape.Rule("Never.") { _ in false }
        let schema = Schema.object(ObjectShape(fields: [Field("a", .text)], rules: [rule]))
        #expect(try Self.issues(#"{"a":1}"#, schema).map(\.code) == ["invalid_type"])
        #expect(try Self.issues(#"{"a":"x"}"#, schema).map(\.message) == ["Never."])
    }

    @Test(
        "Percent decoding is strict",
        arguments: [("a%20b", "a b"), ("a+b", "a b"), ("%C3%A9", "é"), ("", ""), ("%", nil), ("%4", nil), ("%FF", nil)]
    )
    func percent(text: String, decoded: String?) {
        #expect(PercentDecoding.decode(text.utf8, plusIsSpace: true) == decoded)
    }
}
