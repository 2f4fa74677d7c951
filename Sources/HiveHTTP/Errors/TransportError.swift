public import HTTPTypes

/// A refusal that has to do with HTTP alone and not with the community: wrong method, wrong media type, too many
/// requests.
public struct TransportError: Error, Sendable {
    public var status: HTTPResponse.Status
    /// A sentence for people.
    public var message: String
    public var headers: HTTPFields

    public init(_ status: HTTPResponse.Status, _ message: String, headers: HTTPFields = [:]) {
        self.status = status
        self.message = message
        self.headers = headers
    }
}

/// The connection broke, or the client's framing did, while its body was read: there is nobody to answer.
struct ConnectionFault: Error {
    var underlying: any Error
}
