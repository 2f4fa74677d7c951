/// Comparing bytes in place.
enum Bytes {
    /// Whether `word` stands at `offset`.
    static func matches(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int, _ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard bytes.count - offset >= count else { return false }
        let part = UnsafeBufferPointer(rebasing: bytes[offset..<offset + count])
        return areEqual(part, UnsafeBufferPointer(start: word.utf8Start, count: count))
    }

    static func areEqual(_ bytes: UnsafeBufferPointer<UInt8>, _ word: StaticString) -> Bool {
        areEqual(bytes, UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    static func areEqual(_ bytes: UnsafeBufferPointer<UInt8>, _ text: String) -> Bool {
        guard bytes.count == text.utf8.count else { return false }
        var text = text
        return text.withUTF8 { areEqual(bytes, $0) }
    }

    /// Eight bytes at a time.
    static func areEqual(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        let (rawLeft, rawRight) = (UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
        var index = 0
        while left.count - index >= 8 {
            let word = rawLeft.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            guard word == rawRight.loadUnaligned(fromByteOffset: index, as: UInt64.self) else { return false }
            index += 8
        }
        while index < left.count {
            guard left[index] == right[index] else { return false }
            index += 1
        }
        return true
    }

    /// The order of UTF-16 code units (RFC 8785) of two valid UTF-8 texts: it differs from the order of their bytes
    /// only where U+E000 to U+FFFF meet characters beyond, which UTF-16 writes as D800 to DFFF.
    static func comesBeforeInUTF16(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        let count = min(left.count, right.count)
        for index in 0..<count where left[index] != right[index] {
            return rank(left[index]) < rank(right[index])
        }
        return left.count < right.count
    }

    /// 0xEE and 0xEF lead U+E000 to U+FFFF.
    private static func rank(_ byte: UInt8) -> UInt8 { byte == 0xEE || byte == 0xEF ? byte + 0x10 : byte }
}
