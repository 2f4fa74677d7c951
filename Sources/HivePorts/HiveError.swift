/// What storage and node answer when they can't do what was asked: one error for all ports.
public struct HiveError: Error, Hashable, Sendable {
    /// What went wrong, in the terms an HTTP status or exit code is chosen from.
    public struct Code: Hashable, Sendable {
        private enum Kind: Hashable, Sendable {
            case badRequest, unauthorized, forbidden, notFound, conflict, gone, tooLarge, unprocessable
            case unavailable, upstream, internalFault
        }
        private let kind: Kind

        /// The request contradicts itself or a rule of the community (400).
        public static let badRequest = Code(kind: .badRequest)
        /// Nobody is logged in, or the key is wrong (401).
        public static let unauthorized = Code(kind: .unauthorized)
        /// Known, but not allowed (403).
        public static let forbidden = Code(kind: .forbidden)
        /// Nothing of that name or id that the viewer may see (404).
        public static let notFound = Code(kind: .notFound)
        /// A name is taken, or the state does not allow it (409).
        public static let conflict = Code(kind: .conflict)
        /// It was here and is no more, or lives elsewhere (410).
        public static let gone = Code(kind: .gone)
        /// Larger than a limit (413).
        public static let tooLarge = Code(kind: .tooLarge)
        /// Well-formed, but its meaning is refused (422).
        public static let unprocessable = Code(kind: .unprocessable)
        /// The disk or database can't take writes now (503); reads go on.
        public static let unavailable = Code(kind: .unavailable)
        /// Another instance failed or refused (502).
        public static let upstream = Code(kind: .upstream)
        /// A fault of this program (500).
        public static let internalFault = Code(kind: .internalFault)
    }

    public var code: Code
    /// A sentence for people: what is wrong and what to do.
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
