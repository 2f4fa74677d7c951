public import HTTPTypes
public import HiveModel
public import Hummingbird
import NIOCore

extension Response {
    static let jsonType = "application/json; charset=utf-8"

    /// A reply whose body is what `writer` holds.
    public static func json(_ writer: JSONWriter, status: HTTPResponse.Status = .ok) -> Response {
        json(bytes: writer.bytes, status: status)
    }

    /// A reply whose body is JSON text.
    public static func json(bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: jsonType],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    /// A reply whose body a value writes itself.
    public static func json(_ value: some JSONWritable, status: HTTPResponse.Status = .ok) -> Response {
        json(bytes: JSONWriter.bytes(value), status: status)
    }

    /// 204, without a body and without a length.
    public static var noContent: Response {
        var response = Response(status: .noContent)
        response.headers[.contentLength] = nil
        return response
    }
}
