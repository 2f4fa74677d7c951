public import HiveModel

/// An instance that asked to be let into a group and brought nothing that lets it in: an admin decides (protocol,
/// section 7).
///
/// One for each instance and group.
public struct PendingJoin: Hashable, Sendable {
    public enum State: String, Hashable, Sendable {
        case pending
        /// Kept until it expires, so that asking again does not bring it up again.
        case denied
        /// Only in the reply to the approval: the roster names it then.
        case approved
    }

    public var id: String
    public var group: GroupID
    /// The hive's name here.
    public var hiveName: String
    public var instance: InstanceID
    /// It proved that it holds this key.
    public var identityKey: PublicKey
    /// What it calls itself.
    public var name: String
    public var syncEndpoint: String?
    /// Whence it called.
    public var address: String?
    public var state: State
    public var tries: Int64
    public var firstAtMs: Int64
    public var lastAtMs: Int64
    public var expiresAtMs: Int64

    public init(
        id: String,
        group: GroupID,
        hiveName: String,
        instance: InstanceID,
        identityKey: PublicKey,
        name: String,
        syncEndpoint: String?,
        address: String?,
        state: State = .pending,
        tries: Int64 = 1,
        firstAtMs: Int64,
        lastAtMs: Int64,
        expiresAtMs: Int64
    ) {
        self.id = id
        self.group = group
        self.hiveName = hiveName
        self.instance = instance
        self.identityKey = identityKey
        self.name = name
        self.syncEndpoint = syncEndpoint
        self.address = address
        self.state = state
        self.tries = tries
        self.firstAtMs = firstAtMs
        self.lastAtMs = lastAtMs
        self.expiresAtMs = expiresAtMs
    }
}
