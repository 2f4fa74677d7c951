public import HivePorts

/// Who sent a request, as far as the route asked.
public struct Caller: Sendable, Hashable {
    /// How the caller was known.
    public enum Proof: Sendable, Hashable {
        case none
        case apiKey
        case adminKey
        /// No header was sent, and the instance runs in local mode.
        case localMode
    }

    public var viewer: Viewer
    public var proof: Proof

    public init(viewer: Viewer, proof: Proof) {
        self.viewer = viewer
        self.proof = proof
    }

    public static let anonymous = Caller(viewer: .anonymous, proof: .none)

    /// Whether rate limits apply: not to the admin key and not in local mode.
    var isLimited: Bool { proof == .none || proof == .apiKey }
}
