/// The memory that a statement's bound texts and blobs lie in until it is reset, so that SQLite copies nothing.
struct BindBuffer {
    private static let kept = 64 * 1_024

    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    private var used = 0
    /// Blocks that did not fit; freed at `clear`.
    private var overflow: [UnsafeMutableRawPointer] = []

    init(capacity: Int) {
        self.base = .allocate(byteCount: capacity, alignment: 8)
        self.capacity = capacity
    }

    /// Room for `count` bytes that stays where it is until `clear`.
    mutating func reserve(_ count: Int) -> UnsafeMutableRawPointer {
        if used + count <= capacity {
            defer { used += count }
            return base + used
        }
        let block = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1), alignment: 8)
        overflow.append(block)
        used += count
        return block
    }

    mutating func clear() {
        guard !overflow.isEmpty else {
            used = 0
            return
        }
        for block in overflow { block.deallocate() }
        overflow.removeAll()
        if used <= Self.kept {
            base.deallocate()
            capacity = used
            base = .allocate(byteCount: capacity, alignment: 8)
        }
        used = 0
    }

    mutating func deallocate() {
        clear()
        base.deallocate()
    }
}
