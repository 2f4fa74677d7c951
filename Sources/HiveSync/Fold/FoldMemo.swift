/// What the fold decided last, kept in memory with the state it was decided from.
public struct FoldMemo: Sendable {
    var decisions: Decisions?

    public init() {}
}
