// The payloads that change who is in a group and who owns it, in their RFC 8785 form.

extension InstanceRemoved: JSONWritable {
    public var canonicalPayload: [UInt8] { JSONWriter.bytes(self) }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.fence(fence)
        writer.key("instance_id")
        writer.string(instance.rawValue)
        if removesInvited {
            writer.key("invited")
            writer.bool(true)
        }
        writer.reason(reason)
        writer.endObject()
    }
}

extension OwnerChanged: JSONWritable {
    public var canonicalPayload: [UInt8] { JSONWriter.bytes(self) }

    public func write(to writer: inout JSONWriter) {
        JSONValue.object(unsorted: statement + [authority.member]).write(to: &writer)
    }
}

extension OwnerAuthority {
    fileprivate var member: JSONMember {
        switch self {
        case .owner(let signature): JSONMember("signature", .string(Base64.encode(signature)))
        case .quorum(let cosignatures): JSONMember("cosigs", .array(cosignatures.map(\.json)))
        }
    }
}

extension Cosignature {
    fileprivate var json: JSONValue {
        .object([
            JSONMember("identity_key", .string(identityKey.base64)),
            JSONMember("signature", .string(Base64.encode(signature))),
        ])
    }
}

extension Fence: JSONWritable {
    public func write(to writer: inout JSONWriter) { json.write(to: &writer) }

    var json: JSONValue {
        .object([
            JSONMember("epoch", .int(place.epoch)), JSONMember("hash", .string(hash.hex)),
            JSONMember("seq", .int(place.seq)),
        ])
    }
}

extension AgentSnapshot {
    /// As events show it, without a picture where there is none.
    var json: JSONValue {
        var members = [JSONMember("agent_id", .string(key.agent.rawValue))]
        if let avatarURL { members.append(JSONMember("avatar_url", .string(avatarURL))) }
        members.append(JSONMember("instance_id", .string(key.instance.rawValue)))
        members.append(JSONMember("name", .string(name)))
        return .object(members)
    }
}

extension JSONWriter {
    /// `fence`, null where nothing had been seen.
    mutating func fence(_ fence: Fence?) {
        key("fence")
        if let fence { fence.write(to: &self) } else { null() }
    }

    /// `reason`, where there is one.
    mutating func reason(_ reason: String?) {
        guard let reason else { return }
        key("reason")
        string(reason)
    }
}
