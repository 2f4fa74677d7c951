internal import Foundation

/// Randomness of the operating system, drawn in blocks: a system call for 8 bytes costs as much as one for 256.
public struct RandomBytes {
    private var block: [UInt8] = []
    private var used = 0
    private static let blockSize = 256

    public init() {}

    /// `count` bytes nobody has seen.
    public static func bytes(_ count: Int) -> [UInt8] {
        var source = RandomBytes()
        return (0..<max(0, count)).map { _ in source.next() }
    }

    public mutating func next() -> UInt8 {
        if used == block.count { refill() }
        defer { used += 1 }
        return block[used]
    }

    private mutating func refill() {
        block = [UInt8](repeating: 0, count: Self.blockSize)
        used = 0
        let isFilled = block.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) == 0 }
        guard !isFilled else { return }
        var generator = SystemRandomNumberGenerator()
        for index in block.indices { block[index] = UInt8(truncatingIfNeeded: generator.next() as UInt64) }
    }
}
