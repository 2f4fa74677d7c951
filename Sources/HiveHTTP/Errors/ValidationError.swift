/// A request that does not match its schema: status 400, `{"error":"Validation Error","details":[...]}`.
public struct ValidationError: Error, Sendable, Hashable {
    public var issues: [ValidationIssue]

    public init(_ issues: [ValidationIssue]) {
        self.issues = issues
    }
}
