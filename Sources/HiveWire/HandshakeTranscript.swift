import HiveModel

/// What is signed in a handshake: `openhive-handshake-v1`, a line feed, and the RFC 8785 form of `{"step": "...",
/// "opening": {...}, "reply": {...}, ...}`: the messages so far without their signatures.
///
/// The step keeps one signature from standing for another.
public enum HandshakeTranscript {
    /// What the responder signs in its `reply`: opening and reply.
    public static func replyMessage(_ opening: HandshakeOpening, _ reply: HandshakeReply) -> [UInt8] {
        message("reply", opening, reply)
    }

    /// What the proof's MAC is over: opening and reply, so that a proof is good for one handshake with one responder.
    public static func proofMessage(_ opening: HandshakeOpening, _ reply: HandshakeReply) -> [UInt8] {
        message("proof", opening, reply)
    }

    /// What the joiner signs in its `completion`.
    public static func completionMessage(
        _ opening: HandshakeOpening,
        _ reply: HandshakeReply,
        _ completion: HandshakeCompletion
    ) -> [UInt8] {
        message("completion", opening, reply, [("completion", completion.signed)])
    }

    /// What the responder signs in its `grant`.
    public static func grantMessage(
        _ opening: HandshakeOpening,
        _ reply: HandshakeReply,
        _ completion: HandshakeCompletion,
        _ grant: HandshakeGrant
    ) -> [UInt8] {
        message("grant", opening, reply, [("completion", completion.signed), ("grant", grant.signed)])
    }

    private static func message(
        _ step: String,
        _ opening: HandshakeOpening,
        _ reply: HandshakeReply,
        _ later: [(String, JSONValue?)] = []
    ) -> [UInt8] {
        let fields = JSONValue.members(
            [("step", .string(step)), ("opening", opening.json), ("reply", reply.signed)] + later
        )
        return Array("openhive-handshake-v1\n".utf8) + fields.canonicalBytes()
    }
}

/// A body of `POST /sync/v1/handshake`: both calls go there, the second names a `handshake_id`.
public enum HandshakeCall: Hashable, Sendable {
    case opening(HandshakeOpening)
    case completion(HandshakeCompletion)

    public init(parsing body: [UInt8]) throws(WireError) {
        let fields = try WireFields(parsing: body, bytesMax: WireLimits.messageBytesMax)
        if fields.value("handshake_id") == nil {
            self = .opening(try HandshakeOpening(fields))
        } else {
            self = .completion(try HandshakeCompletion(fields))
        }
    }
}
