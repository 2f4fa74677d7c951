import HiveModel

/// The bounds of peer messages, checked before anything of that size is allocated.
public enum WireLimits {
    /// The version of the sync protocol spoken here.
    public static let protocolVersion: Int64 = 1
    /// Bytes of a push body: a whole batch, and a last run that may pass its end.
    public static let pushBytesMax = Limits.batchBytesMax + Limits.runBytesMax
    /// Bytes of any other request or reply that is read whole.
    public static let messageBytesMax = 1024 * 1024
    /// Bytes of one line of a stream of events: the longest is a fork proof with what stands around it.
    public static let lineBytesMax = Limits.proofBytesMax + 1024
    /// Fork proofs, transfers or openings in one message, and lines of each kind before the events of a stream.
    public static let evidenceMax = 1_024
    /// Bytes of these beside the events of a push, and before those of a stream: a single larger one does not travel.
    public static let evidenceBytesMax = Limits.proofBytesMax
    /// Bytes of these in the reply to a push.
    public static let replyEvidenceBytesMax = 256 * 1024
    /// Events of one push: a whole batch, and a last run that may pass its end.
    public static let pushEventsMax = Limits.batchEventsMax + Limits.runEventsMax
    /// Instances in a list of heads.
    public static let headsMax = 4_096
    /// Groups in a heartbeat.
    public static let groupsMax = 1_024
    /// Events that introduce instances in a handshake or a push.
    public static let introductionsMax = 256
    /// UTF-8 bytes of a name.
    public static let nameBytesMax = 200
    /// UTF-8 bytes of an endpoint.
    public static let endpointBytesMax = 2_048
    /// Endpoints in an invite.
    public static let endpointsMax = 8
    /// UTF-8 bytes of a sentence.
    public static let sentenceBytesMax = 2_000
    /// UTF-8 bytes of ids and nonces that only their maker reads.
    public static let tokenBytesMax = 200
    /// Bytes of a sealed token or a proof.
    public static let sealedBytesMax = 1_024
    /// Seconds a pull may wait for news.
    public static let waitSecondsMax: Int64 = 60
    /// Hops a list of peers may name.
    static let ttlMax: Int64 = 255
    /// Levels of arrays and objects of a message: a fork proof's, inside a list, inside an object.
    static let depthMax = Limits.depthMax + 12
}
