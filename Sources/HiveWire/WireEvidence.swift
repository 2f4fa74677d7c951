public import HiveModel
public import HiveSync

/// Fork proofs, transfers of ownership and openings as they travel, each the bytes of one JSON object.
///
/// A push may carry `"introductions": [<addition>, <opening>, ...]` too.
/// In a pulled stream lines of their own before the events: `{"proof": {...}}` and `{"transfer": {...}}`. In a push and
/// its reply lists: `"proofs": [{...}]`, `"transfers": [{...}]`, and in the reply `"openings": [<event>]`.
public struct WireEvidence: Hashable, Sendable {
    /// Each as `ForkProof` writes it.
    public var proofs: [[UInt8]]
    /// `owner_changed` payloads.
    public var transfers: [[UInt8]]
    /// Events.
    public var openings: [[UInt8]]
    /// Events: additions, each with the first event of its writer's log after it.
    public var introductions: [[UInt8]]

    public init(
        proofs: [[UInt8]] = [],
        transfers: [[UInt8]] = [],
        openings: [[UInt8]] = [],
        introductions: [[UInt8]] = []
    ) {
        self.proofs = proofs
        self.transfers = transfers
        self.openings = openings
        self.introductions = introductions
    }

    /// As much of it as fits: what is left out comes with a later pull.
    public init(
        _ evidence: LogEvidence,
        bytesMax: Int = WireLimits.evidenceBytesMax,
        countMax: Int = WireLimits.evidenceMax
    ) {
        self.init()
        var left = bytesMax
        func fitting(_ parts: [[UInt8]]) -> [[UInt8]] {
            var taken: [[UInt8]] = []
            for part in parts where part.count < left && taken.count < countMax {
                left -= part.count + 1
                taken.append(part)
            }
            return taken
        }
        for step in evidence.introductions.prefix(WireLimits.introductionsMax / 2) {
            let pair = [step.addition.wireBytes(), step.opening.wireBytes()]
            guard pair[0].count + pair[1].count + 2 < left else { break }
            introductions += fitting(pair)
        }
        transfers = fitting(evidence.transfers)
        openings = fitting(evidence.openings.map { $0.wireBytes() })
        proofs = fitting(evidence.proofs.map(\.canonicalBytes))
    }

    public var isEmpty: Bool { proofs.isEmpty && transfers.isEmpty && openings.isEmpty && introductions.isEmpty }

    public var byteCount: Int { (proofs + transfers + openings + introductions).reduce(0) { $0 + $1.count } }

    /// What a pulled stream begins with, NDJSON.
    public var lines: [UInt8] {
        var lines: [UInt8] = []
        for proof in proofs { lines += PullLine.Mark.proof.opening + proof + PullLine.Mark.closing }
        for transfer in transfers { lines += PullLine.Mark.transfer.opening + transfer + PullLine.Mark.closing }
        for opening in openings { lines += opening + [0x0A] }
        return lines
    }

    /// Reads all of it.
    /// - Throws: `WireError` that names the first that can't be read.
    public func read(group: GroupID, _ hashing: some Hashing) throws(WireError) -> LogEvidence {
        var evidence = LogEvidence()
        for (index, bytes) in proofs.enumerated() {
            evidence.proofs.append(try Self.proof(bytes, "proofs[\(index)]", group: group, hashing))
        }
        for (index, bytes) in transfers.enumerated() {
            evidence.transfers.append(try Self.transfer(bytes, "transfers[\(index)]"))
        }
        for (index, bytes) in openings.enumerated() {
            evidence.openings.append(try Self.event(bytes, "openings[\(index)]", group: group, hashing))
        }
        evidence.introductions = try steps(group: group, hashing)
        return evidence
    }

    private func steps(group: GroupID, _ hashing: some Hashing) throws(WireError) -> [Introduction] {
        guard introductions.count.isMultiple(of: 2) else {
            throw WireError(.field, field: "introductions", "introductions should hold pairs of events.")
        }
        var steps: [Introduction] = []
        for index in stride(from: 0, to: introductions.count, by: 2) {
            let name = "introductions[\(index)]"
            let addition = try Self.event(introductions[index], name, group: group, hashing)
            let opening = try Self.event(introductions[index + 1], "introductions[\(index + 1)]", group: group, hashing)
            steps.append(Introduction(addition: addition, opening: opening))
        }
        return steps
    }

    private static func event(
        _ bytes: [UInt8],
        _ name: String,
        group: GroupID,
        _ hashing: some Hashing
    ) throws(WireError) -> Event {
        do {
            return try Event.parse(bytes[...], groupID: group, hashing: hashing)
        } catch {
            throw WireError(.field, field: name, "\(name): \(error.message)")
        }
    }

    /// - Parameter name: of the member, for the error.
    public static func proof(
        _ bytes: [UInt8],
        _ name: String,
        group: GroupID,
        _ hashing: some Hashing
    ) throws(WireError) -> ForkProof {
        do {
            return try ForkProof(parsing: bytes, group: group, hashing: hashing)
        } catch {
            throw WireError(.field, field: name, "\(name) is no fork proof: \(error.message)")
        }
    }

    /// The payload in RFC 8785 form.
    public static func transfer(_ bytes: [UInt8], _ name: String) throws(WireError) -> [UInt8] {
        let limits = JSONLimits(bytesMax: Limits.payloadBytesMax, depthMax: Limits.depthMax)
        guard let payload = (try? JSONValue(parsing: bytes, limits: limits))?.canonicalBytes(),
            case .ownerChanged = EventPayload(type: .ownerChanged, payload: payload)
        else { throw WireError(.field, field: name, "\(name) should be the payload of an owner_changed event.") }
        return payload
    }
}

extension WireEvidence {
    /// The lists of a message that was read whole.
    init(_ fields: WireFields) throws(WireError) {
        self.init()
        proofs = try Self.parts(fields, "proofs")
        transfers = try Self.parts(fields, "transfers")
        openings = try Self.parts(fields, "openings")
    }

    private static func parts(_ fields: WireFields, _ key: String) throws(WireError) -> [[UInt8]] {
        try fields.array(key, countMax: WireLimits.evidenceMax).map { $0.canonicalBytes() }
    }

    /// The members of a message that is written whole; nothing for empty lists.
    var members: [(String, JSONValue?)] {
        [
            ("proofs", Self.list(proofs)), ("transfers", Self.list(transfers)), ("openings", Self.list(openings)),
        ]
    }

    /// What stands here is JSON: it was written or read as such.
    private static func list(_ parts: [[UInt8]]) -> JSONValue? {
        guard !parts.isEmpty else { return nil }
        let limits = JSONLimits(bytesMax: Limits.proofBytesMax, depthMax: WireLimits.depthMax)
        return .array(parts.compactMap { try? JSONValue(parsing: $0, limits: limits) })
    }

    /// Writes the lists that a push carries beside its events.
    func write(to writer: inout JSONWriter) {
        for (key, parts) in [("proofs", proofs), ("transfers", transfers), ("introductions", introductions)]
        where !parts.isEmpty {
            writer.key(text: key)
            writer.beginArray()
            for part in parts { writer.raw(part[...]) }
            writer.endArray()
        }
    }
}
