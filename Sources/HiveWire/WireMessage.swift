public import HiveModel

/// A request or reply of `/sync/v1`, as one JSON object.
public protocol WireMessage: Sendable {
    /// Bytes beyond which a body is not even looked at.
    static var bytesMax: Int { get }

    /// Reads the members it knows; others are passed over, so that later versions may add some.
    init(_ fields: WireFields) throws(WireError)

    var json: JSONValue { get }
}

extension WireMessage {
    public static var bytesMax: Int { WireLimits.messageBytesMax }

    /// Reads a whole body.
    public init(parsing body: [UInt8]) throws(WireError) {
        try self.init(try WireFields(parsing: body, bytesMax: Self.bytesMax))
    }

    /// The body, in RFC 8785 form.
    public var body: [UInt8] { json.canonicalBytes() }
}
