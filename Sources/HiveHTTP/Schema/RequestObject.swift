public import HiveModel
import HivePorts

/// A JSON object that matched its schema, read by key.
///
/// The readers throw only where a handler asks for something its route did not declare: a fault of ours (500), never
/// the client's.
public struct RequestObject: Sendable {
    /// Keys distinct, in the order of RFC 8785.
    public let members: [JSONMember]

    public init(_ members: [JSONMember]) {
        self.members = members
    }

    /// Nil where the key is absent.
    public subscript(key: String) -> JSONValue? {
        members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }

    public func string(_ key: String) throws -> String {
        guard let text = try optionalString(key) else { throw Self.undeclared(key) }
        return text
    }

    /// Nil where absent or null.
    public func optionalString(_ key: String) throws -> String? {
        switch self[key] {
        case nil, .null: return nil
        case .string(let text): return text
        default: throw Self.undeclared(key)
        }
    }

    /// Nil where absent, `.some(nil)` where null: what a PATCH leaves alone and what it clears.
    public func patchedString(_ key: String) throws -> String?? {
        guard self[key] != nil else { return nil }
        return .some(try optionalString(key))
    }

    public func integer(_ key: String) throws -> Int64 {
        guard let number = try optionalInteger(key) else { throw Self.undeclared(key) }
        return number
    }

    public func optionalInteger(_ key: String) throws -> Int64? {
        switch self[key] {
        case nil, .null: return nil
        case .int(let number): return number
        default: throw Self.undeclared(key)
        }
    }

    public func optionalFlag(_ key: String) throws -> Bool? {
        switch self[key] {
        case nil, .null: return nil
        case .bool(let flag): return flag
        default: throw Self.undeclared(key)
        }
    }

    public func optionalObject(_ key: String) throws -> RequestObject? {
        switch self[key] {
        case nil, .null: return nil
        case .object(let members): return RequestObject(members)
        default: throw Self.undeclared(key)
        }
    }

    public func optionalStrings(_ key: String) throws -> [String]? {
        switch self[key] {
        case nil, .null: return nil
        case .array(let elements):
            return try elements.map { element in
                guard case .string(let text) = element else { throw Self.undeclared(key) }
                return text
            }
        default: throw Self.undeclared(key)
        }
    }

    private static func undeclared(_ key: String) -> HiveError {
        HiveError(.internalFault, "The route reads '\(key)', which its schema does not promise.")
    }
}
