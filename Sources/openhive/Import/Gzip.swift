import CZlib

/// Reads gzip (RFC 1952) in memory.
enum Gzip {
    private static let chunkBytes = 64 * 1024

    static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

    /// The bytes that were compressed; nil where the data is broken or longer than `bytesMax`.
    static func inflated(_ bytes: [UInt8], bytesMax: Int) -> [UInt8]? {
        var stream = z_stream()
        // 15 bits of window, and 16 more to expect a gzip header.
        guard inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var input = bytes
        return input.withUnsafeMutableBufferPointer { source -> [UInt8]? in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(clamping: source.count)
            var output: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: chunkBytes)
            while true {
                let status = chunk.withUnsafeMutableBufferPointer { target in
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(target.count)
                    return inflate(&stream, Z_NO_FLUSH)
                }
                output.append(contentsOf: chunk.prefix(chunkBytes - Int(stream.avail_out)))
                if status == Z_STREAM_END { return output }
                guard status == Z_OK, output.count <= bytesMax else { return nil }
            }
        }
    }
}
