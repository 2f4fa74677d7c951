public import AsyncHTTPClient

/// A reply's body as it arrives, in `ByteBuffer`s: the next chunk is read from the socket when the one before was
/// taken.
public typealias OutgoingBody = HTTPClientResponse.Body
