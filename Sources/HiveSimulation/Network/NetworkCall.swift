import HiveModel
import HiveSync

/// One request from one node to another, as bytes of the wire.
struct NetworkCall: Sendable {
    enum Request: Sendable {
        /// The token the responder shall present to the caller.
        case handshake(token: UInt64)
        case push(body: [UInt8], count: Int, reached: [LogHead])
        case pull(body: [UInt8])
        case heartbeat(body: [UInt8])
        /// A push that no engine asked for: a lie, or lost events that are offered to who wrote them. Nobody waits for
        /// the answer.
        case unasked(body: [UInt8])
    }

    var id: Int
    var from: Int
    var to: Int
    /// Of the caller: an answer to an earlier life finds nobody.
    var life: Int
    /// What the caller presents; nil where it holds no token.
    var token: UInt64?
    var request: Request
    var sentMs: Int64

    /// A word for traces.
    var name: String {
        switch request {
        case .handshake: "handshake"
        case .push: "push"
        case .pull: "pull"
        case .heartbeat: "heartbeat"
        case .unasked: "unasked"
        }
    }
}

enum NetworkReply: Sendable {
    case handshake(grant: [UInt8], token: UInt64)
    case push(body: [UInt8])
    /// Lines, cut off or with the last one.
    case pull(stream: [UInt8])
    case heartbeat(body: [UInt8])
    case failure(PeerFailure)
}

extension PeerFailure {
    static let noAnswer = PeerFailure(kind: .unreachable, message: "no answer")
    static let refusedConnection = PeerFailure(kind: .unreachable, message: "connection refused")
    static let badToken = PeerFailure(kind: .unauthorized, message: "the token is not known")
    static let notMember = PeerFailure(kind: .forbidden, message: "not a member")
    static let badRequest = PeerFailure(kind: .refused, message: "the body can't be read")
    static let faulty = PeerFailure(kind: .faulty, message: "the disk failed")
    static let local = PeerFailure(kind: .local, message: "this disk failed")
}
