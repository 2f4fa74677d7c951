public import HiveModel

extension [LogHead] {
    /// The same heads by instance id, one an instance (the farthest where one is named twice).
    ///
    /// Costs a pass where they are in order already, as heads read from storage are.
    public var inOrder: [LogHead] {
        var isOrdered = true
        for index in indices.dropFirst() where self[index].origin <= self[index - 1].origin {
            isOrdered = false
            break
        }
        if isOrdered { return self }
        var result: [LogHead] = []
        result.reserveCapacity(count)
        for head in sorted(by: { ($0.origin, $0.place) < ($1.origin, $1.place) }) {
            if result.last?.origin == head.origin { result.removeLast() }
            result.append(head)
        }
        return result
    }

    /// Whether every log in `others` is held here as far as there, or farther; at equal places with the same hash and
    /// the same cut.
    ///
    /// Both by instance id.
    ///
    /// A log that differs below the end of the longer one shows by its digest only: whoever pulls it finds out.
    public func covers(_ others: [LogHead]) -> Bool {
        var mine = startIndex
        for other in others {
            while mine < endIndex, self[mine].origin < other.origin { mine += 1 }
            guard mine < endIndex, self[mine].origin == other.origin, !other.isBeyond(self[mine]) else { return false }
        }
        return true
    }

    /// The heads of this list that lie beyond `others`, or beside them at one place, or of logs missing there.
    ///
    /// Both by instance id.
    public func beyond(_ others: [LogHead]) -> [LogHead] {
        var theirs = others.startIndex
        return filter { head in
            while theirs < others.endIndex, others[theirs].origin < head.origin { theirs += 1 }
            guard theirs < others.endIndex, others[theirs].origin == head.origin else { return true }
            return head.isBeyond(others[theirs])
        }
    }

    /// How many events of this list's logs `others` lack, as far as places tell: where the newest log is in a later
    /// epoch, what is missing of the earlier one is not counted.
    ///
    /// Both by instance id.
    public func lag(of others: [LogHead]) -> Int64 {
        var total: Int64 = 0
        var theirs = others.startIndex
        for mine in indices {
            let place = self[mine].place
            while theirs < others.endIndex, others[theirs].origin < self[mine].origin { theirs += 1 }
            guard theirs < others.endIndex, others[theirs].origin == self[mine].origin else {
                total += place.seq
                continue
            }
            let other = others[theirs].place
            if other.epoch < place.epoch {
                total += place.seq
            } else if other.epoch == place.epoch, other.seq < place.seq {
                total += place.seq - other.seq
            }
        }
        return total
    }

    /// Both lists in one, each log as far as either names it; as `others` do where they name one place.
    ///
    /// Both by instance id.
    public func merged(with others: [LogHead]) -> [LogHead] {
        var result: [LogHead] = []
        result.reserveCapacity(Swift.max(count, others.count))
        var mine = startIndex
        var theirs = others.startIndex
        while mine < endIndex, theirs < others.endIndex {
            let (left, right) = (self[mine], others[theirs])
            if left.origin == right.origin {
                result.append(left.place > right.place ? left : right)
                mine += 1
                theirs += 1
            } else if left.origin < right.origin {
                result.append(left)
                mine += 1
            } else {
                result.append(right)
                theirs += 1
            }
        }
        result.append(contentsOf: self[mine...])
        result.append(contentsOf: others[theirs...])
        return result
    }

    /// How far `origin`'s log is named; nil where it is not.
    public func place(of origin: InstanceID) -> Place? { head(of: origin)?.place }

    func head(of origin: InstanceID) -> LogHead? { first { $0.origin == origin } }
}

extension LogHead {
    /// Whether this is farther than `other`, or something else at the same place.
    fileprivate func isBeyond(_ other: LogHead) -> Bool {
        place != other.place ? place > other.place : hash != other.hash || cut != other.cut
    }
}
