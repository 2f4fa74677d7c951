import AsyncHTTPClient
public import NIOCore

/// A reply's body as it arrives: the next chunk is read from the socket when the one before was taken.
public struct OutgoingBody: AsyncSequence, Sendable {
    public typealias Element = ByteBuffer

    let base: HTTPClientResponse.Body
    let url: String

    public struct AsyncIterator: AsyncIteratorProtocol {
        var base: HTTPClientResponse.Body.AsyncIterator
        let url: String

        public mutating func next() async throws -> ByteBuffer? {
            do {
                return try await base.next()
            } catch {
                throw OutgoingError.from(error, url: url)
            }
        }
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(base: base.makeAsyncIterator(), url: url)
    }
}
