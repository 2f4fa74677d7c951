import HiveModel

/// What a command prints on standard output.
enum Output {
    /// One JSON value on a line.
    static func json(_ value: JSONValue) {
        Terminal.out(String(decoding: JSONWriter.bytes(value), as: UTF8.self))
    }

    /// Names and values under each other, values aligned; nil values are left out.
    static func facts(_ facts: [(String, String?)]) {
        let shown = facts.compactMap { name, value in value.map { (name, Readable.oneLine($0)) } }
        let width = shown.map(\.0.count).max() ?? 0
        for (name, value) in shown {
            Terminal.out(name + String(repeating: " ", count: width - name.count + 2) + value)
        }
    }
}

extension JSONValue {
    /// An object from its members in any order; nil values become null.
    static func record(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(unsorted: members.map { JSONMember($0.key, $0.value ?? .null) })
    }

    /// The text at a path of keys.
    func text(_ path: String...) -> String? { at(path)?.string }

    /// The integer at a path of keys.
    func number(_ path: String...) -> Int64? { at(path)?.int }

    /// The elements of a list reply: `data`, or the array itself.
    var listed: [JSONValue] { self["data"]?.array ?? array ?? [] }

    private func at(_ path: [String]) -> JSONValue? {
        path.reduce(Optional(self)) { value, key in value?[key] }
    }
}
