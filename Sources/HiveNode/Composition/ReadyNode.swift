public import HiveModel

/// A node that listens.
public struct ReadyNode: Sendable {
    /// `http://127.0.0.1:3000`.
    public var address: String
    public var port: Int
    public var instance: InstanceID
    /// What peers are told; nil where the instance can only dial out.
    public var syncEndpoint: String?
    /// Made at the first start in mode `token` where `admin.key` isn't set; shown once.
    public var firstAdminKey: String?
    /// Good for `X-Admin-Key` while the node runs.
    public var adminToken: String
    /// The data directory was made by this start.
    public var isDirectoryNew: Bool

    public init(
        address: String,
        port: Int,
        instance: InstanceID,
        syncEndpoint: String?,
        firstAdminKey: String?,
        adminToken: String,
        isDirectoryNew: Bool
    ) {
        self.address = address
        self.port = port
        self.instance = instance
        self.syncEndpoint = syncEndpoint
        self.firstAdminKey = firstAdminKey
        self.adminToken = adminToken
        self.isDirectoryNew = isDirectoryNew
    }
}
