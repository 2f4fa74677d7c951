public import HTTPTypes

/// A refusal that has to do with HTTP alone and not with the community: wrong method, wrong media type, too many
/// requests.
public struct TransportError: Error, Sendable {
    public var status: HTTPResponse.Status
    /// A sentence for people.
    public var message: String
    public var headers: HTTPFields
    /// A further member of the reply's body.
    public var detail: Detail?

    /// A member and its value as JSON text.
    public struct Detail: Sendable {
        public var name: String
        public var json: [UInt8]

        public init(name: String, json: [UInt8]) {
            self.name = name
            self.json = json
        }
    }

    public init(
        _ status: HTTPResponse.Status,
        _ message: String,
        headers: HTTPFields = [:],
        detail: Detail? = nil
    ) {
        self.status = status
        self.message = message
        self.headers = headers
        self.detail = detail
    }
}

/// The connection broke, or the client's framing did, while its body was read: there is nobody to answer.
struct ConnectionFault: Error {
    var underlying: any Error
}
