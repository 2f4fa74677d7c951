// The payloads that found groups and open logs, in their RFC 8785 form.

extension InstanceAdded: JSONWritable {
    public var canonicalPayload: [UInt8] { JSONWriter.bytes(self) }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("from_epoch")
        writer.int(fromEpoch)
        writer.key("identity_key")
        writer.base64(identityKey.bytes)
        writer.key("instance_id")
        writer.string(instance.rawValue)
        writer.key("name")
        writer.string(name)
        writer.key("role")
        writer.string(role.rawValue)
        writer.endObject()
    }
}

extension EpochOpened: JSONWritable {
    public var canonicalPayload: [UInt8] { JSONWriter.bytes(self) }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("closed")
        ClosedEpoch.write(closed, to: &writer)
        writer.key("key_cert")
        writer.base64(log.certificate)
        writer.key("reason")
        writer.string(reason)
        writer.key("signing_key")
        writer.base64(log.signingKey.bytes)
        writer.endObject()
    }
}

extension GroupCreated: JSONWritable {
    public var canonicalPayload: [UInt8] { JSONWriter.bytes(self) }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("hive")
        hive.write(to: &writer)
        writer.key("identity_key")
        writer.base64(identityKey.bytes)
        writer.key("key_cert")
        writer.base64(log.certificate)
        writer.key("nonce")
        writer.string(nonce)
        writer.agent("owner", owner, avatar: false)
        writer.key("policy")
        policy.write(to: &writer)
        writer.key("quorum")
        writer.int(quorum)
        writer.key("signing_key")
        writer.base64(log.signingKey.bytes)
        writer.key("successors")
        writer.beginArray()
        for key in successors { writer.base64(key.bytes) }
        writer.endArray()
        writer.key("sync_group_name")
        writer.string(groupName)
        writer.endObject()
    }
}

extension HiveDescription: JSONWritable {
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("created_at")
        writer.int(createdAtMs)
        writer.key("description")
        writer.string(description)
        writer.key("is_public")
        writer.bool(isPublic)
        writer.key("name")
        writer.string(name)
        writer.endObject()
    }
}

extension GroupPolicy: JSONWritable {
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("admission")
        writer.string(admission.rawValue)
        writer.key("max_clock_drift_ms")
        writer.int(maxClockDriftMs)
        writer.key("retention_days")
        writer.int(retentionDays)
        writer.key("vote_privacy")
        writer.string(votePrivacy.rawValue)
        writer.endObject()
    }
}
