// Reading the payloads that change who is in a group and who owns it.

extension InstanceRemoved {
    init(_ fields: PayloadFields) throws(VoidReason) {
        self.init(
            instance: try fields.instance("instance_id"),
            fence: try fields.fence("fence"),
            reason: try fields.optionalString("reason"),
            removesInvited: fields.has("invited") ? try fields.bool("invited") : false
        )
    }
}

extension OwnerChanged {
    init(_ fields: PayloadFields) throws(VoidReason) {
        guard let pin = try fields.fence("pin") else { throw fields.fault("pin", "should be {epoch, seq, hash}") }
        let successors = try fields.successors()
        let quorumMax = Int64(successors?.count ?? Limits.successorsMax)
        self.init(
            n: try fields.integer("n", 1...Limits.integerMax),
            to: try fields.agent("to"),
            pin: pin,
            successors: successors,
            quorum: fields.has("quorum") ? try fields.integer("quorum", 0...quorumMax) : nil,
            authority: try OwnerAuthority(fields),
            statement: try fields.members(but: "signature", "cosigs")
        )
    }
}

extension OwnerAuthority {
    /// Exactly one of `signature` and `cosigs`.
    fileprivate init(_ fields: PayloadFields) throws(VoidReason) {
        switch (fields.has("signature"), fields.has("cosigs")) {
        case (true, false): self = .owner(signature: try fields.signature("signature"))
        case (false, true): self = .quorum(try Self.cosignatures(fields))
        case (true, true): throw fields.fault("signature", "and cosigs exclude each other")
        case (false, false): throw fields.fault("signature", "or cosigs is missing")
        }
    }

    private static func cosignatures(_ fields: PayloadFields) throws(VoidReason) -> [Cosignature] {
        guard let elements = try fields.value("cosigs").array else {
            throw fields.fault("cosigs", "should be an array of {identity_key, signature}")
        }
        guard (1...Limits.cosignaturesMax).contains(elements.count) else {
            throw fields.fault("cosigs", "has \(elements.count) signatures, not 1 to \(Limits.cosignaturesMax)")
        }
        let cosignatures = elements.compactMap { Cosignature($0) }
        guard cosignatures.count == elements.count else {
            throw fields.fault("cosigs", "should be an array of {identity_key, signature}")
        }
        return cosignatures
    }
}

extension Cosignature {
    fileprivate init?(_ value: JSONValue) {
        guard let key = value["identity_key"]?.string.flatMap({ PublicKey(base64: $0) }),
            let signature = value["signature"]?.string.flatMap({ Base64.decode($0) }),
            signature.count == Self.signatureBytes
        else { return nil }
        self.init(identityKey: key, signature: signature)
    }

    private static var signatureBytes: Int { 64 }
}

extension PayloadFields {
    /// `{epoch, seq, hash}`; nil for null, and where the member is missing.
    func fence(_ name: StaticString) throws(VoidReason) -> Fence? {
        guard let fields = try optionalObject(name) else { return nil }
        return Fence(
            place: Place(
                epoch: try fields.integer("epoch", 1...Limits.epochMax),
                seq: try fields.integer("seq", 1...Limits.seqMax)
            ),
            hash: try fields.hash("hash")
        )
    }

    /// Identity keys in base64; nil where the member is missing.
    func successors() throws(VoidReason) -> [PublicKey]? {
        guard has("successors") else { return nil }
        guard let elements = try value("successors").array else {
            throw fault("successors", "should be an array of keys in base64")
        }
        guard elements.count <= Limits.successorsMax else {
            throw fault("successors", "has \(elements.count) keys, more than \(Limits.successorsMax)")
        }
        let keys = elements.compactMap { $0.string.flatMap { PublicKey(base64: $0) } }
        guard keys.count == elements.count else { throw fault("successors", "should be an array of keys in base64") }
        return keys
    }
}
