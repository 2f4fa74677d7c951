/// Why a call to another machine failed, in terms a person can act on.
public struct OutgoingError: Error, Hashable, Sendable {
    /// Which part of reaching the other machine failed.
    public struct Code: Hashable, Sendable {
        private enum Kind: Hashable, Sendable {
            case badURL, name, refused, unreachable, timeout, tls, brokenReply, tooLarge, addressRefused, cancelled
        }
        private let kind: Kind

        /// The address is no http or https URL of the form asked for.
        public static let badURL = Code(kind: .badURL)
        /// The host name does not resolve.
        public static let name = Code(kind: .name)
        /// The machine answers, but nothing listens at the port.
        public static let refused = Code(kind: .refused)
        /// No route, or the connection broke.
        public static let unreachable = Code(kind: .unreachable)
        public static let timeout = Code(kind: .timeout)
        /// No encrypted connection came about.
        public static let tls = Code(kind: .tls)
        /// What came back is not HTTP, or ended early.
        public static let brokenReply = Code(kind: .brokenReply)
        /// The reply is larger than the limit of this call.
        public static let tooLarge = Code(kind: .tooLarge)
        /// The rules for learnt addresses forbid this one.
        public static let addressRefused = Code(kind: .addressRefused)
        /// This instance stopped the call.
        public static let cancelled = Code(kind: .cancelled)
    }

    public var code: Code
    /// A sentence: what failed and what to do.
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
