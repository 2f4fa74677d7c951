extension EventHeader {
    /// Whether this is the header of a genesis: a `group_created` that begins the first log.
    ///
    /// Its `group_id` is "" where it is hashed.
    public var isGenesis: Bool { type == .groupCreated && place == Place(epoch: 1, seq: 1) }

    /// The RFC 8785 form of the header: what the event hash is of.
    public func canonicalBytes() -> [UInt8] {
        var writer = JSONWriter(capacity: 640)
        write(to: &writer)
        return writer.bytes
    }

    public func hash(_ hashing: some Hashing) -> Hash256 { hashing.sha256(canonicalBytes()) }

    /// Writes the RFC 8785 form.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(groupID: groupID?.rawValue ?? "", to: &writer)
        writer.endObject()
    }

    /// Writes the header's members in canonical order, with `groupID` as the group's id.
    func writeMembers(groupID: String, to writer: inout JSONWriter) {
        if extra.isEmpty, refs.isEmpty, writeUsualMembers(groupID: groupID, to: &writer) { return }
        var extras = ExtraMembers(extra)
        if let at {
            extras.write(before: "at", to: &writer)
            writer.key("at")
            writer.beginArray()
            writer.int(at.ms)
            writer.int(at.counter)
            writer.endArray()
        }
        extras.write(before: "epoch", to: &writer)
        writer.key("epoch")
        writer.int(place.epoch)
        extras.write(before: "event_type", to: &writer)
        writer.key("event_type")
        writer.string(type.rawValue)
        extras.write(before: "group_id", to: &writer)
        writer.key("group_id")
        writer.string(groupID)
        extras.write(before: "origin_instance_id", to: &writer)
        writer.key("origin_instance_id")
        writer.string(origin.rawValue)
        extras.write(before: "origin_lc", to: &writer)
        writer.key("origin_lc")
        writer.int(time.counter)
        extras.write(before: "origin_seq", to: &writer)
        writer.key("origin_seq")
        writer.int(place.seq)
        extras.write(before: "origin_ts", to: &writer)
        writer.key("origin_ts")
        writer.int(time.ms)
        extras.write(before: "payload_hash", to: &writer)
        writer.key("payload_hash")
        writer.hex(payloadHash)
        extras.write(before: "prev", to: &writer)
        writer.key("prev")
        if let prev { writer.hex(prev) } else { writer.string("") }
        extras.write(before: "refs", to: &writer)
        writer.key("refs")
        refs.write(to: &writer)
        extras.write(before: "v", to: &writer)
        writer.key("v")
        writer.int(Limits.eventVersion)
        extras.writeRest(to: &writer)
    }
}

extension EventHeader {
    /// More than the names, numbers and hashes of a header take without what is rare.
    private static let usualBytesMax = 1024
    private static let textBytesMax = 64

    /// Writes the members of a header that has neither refs nor members this version does not know, in one piece;
    /// false, and nothing written, where its texts are longer than usual or need escapes.
    private func writeUsualMembers(groupID: String, to writer: inout JSONWriter) -> Bool {
        var name = type.rawValue
        let isPlain = name.withUTF8 { JSONScanner.endOfPlainText($0, from: 0) == $0.count }
        guard isPlain, name.utf8.count <= Self.textBytesMax, groupID.utf8.count <= Self.textBytesMax,
            origin.rawValue.utf8.count <= Self.textBytesMax
        else { return false }
        writer.members(upTo: Self.usualBytesMax) { sink in
            if let at {
                sink.put("\"at\":[" as StaticString)
                sink.put(decimal: at.ms)
                sink.put(UInt8(ascii: ","))
                sink.put(decimal: at.counter)
                sink.put("]," as StaticString)
            }
            sink.put("\"epoch\":" as StaticString)
            sink.put(decimal: place.epoch)
            sink.put(",\"event_type\":\"" as StaticString)
            sink.put(name)
            sink.put("\",\"group_id\":\"" as StaticString)
            sink.put(groupID)
            sink.put("\",\"origin_instance_id\":\"" as StaticString)
            sink.put(origin.rawValue)
            sink.put("\",\"origin_lc\":" as StaticString)
            sink.put(decimal: time.counter)
            sink.put(",\"origin_seq\":" as StaticString)
            sink.put(decimal: place.seq)
            sink.put(",\"origin_ts\":" as StaticString)
            sink.put(decimal: time.ms)
            sink.put(",\"payload_hash\":\"" as StaticString)
            sink.put(hex: payloadHash)
            sink.put("\",\"prev\":\"" as StaticString)
            if let prev { sink.put(hex: prev) }
            sink.put("\",\"refs\":{},\"v\":" as StaticString)
            sink.put(decimal: Limits.eventVersion)
        }
        return true
    }
}

extension EventRefs: JSONWritable {
    /// Writes the RFC 8785 form; members that say nothing are left out.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        if !isEmpty {
            var extras = ExtraMembers(extra)
            if let auth {
                extras.write(before: "auth", to: &writer)
                writer.key("auth")
                writer.string(auth.rawValue)
            }
            if !par.isEmpty {
                extras.write(before: "par", to: &writer)
                writer.key("par")
                writer.beginArray()
                for parent in par { writer.string(parent.rawValue) }
                writer.endArray()
            }
            if let re {
                extras.write(before: "re", to: &writer)
                writer.key("re")
                writer.string(re.rawValue)
            }
            extras.writeRest(to: &writer)
        }
        writer.endObject()
    }
}

/// Members this version does not know, written among those it knows so that all keys ascend.
private struct ExtraMembers {
    private let members: [JSONMember]
    private var next = 0

    init(_ members: [JSONMember]) {
        self.members = JSONMember.areAscending(members) ? members : JSONValue.object(unsorted: members).members ?? []
    }

    /// Writes what comes before `key`, and never a member of that name.
    mutating func write(before key: StaticString, to writer: inout JSONWriter) {
        guard next < members.count else { return }
        let key = key.description
        while next < members.count, !JSONMember.comesBefore(key, members[next].key) {
            if JSONMember.comesBefore(members[next].key, key) { writer.member(members[next]) }
            next += 1
        }
    }

    mutating func writeRest(to writer: inout JSONWriter) {
        while next < members.count {
            writer.member(members[next])
            next += 1
        }
    }
}
