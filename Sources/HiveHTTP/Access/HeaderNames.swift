public import HTTPTypes

extension HTTPField.Name {
    public static let adminKey = known("X-Admin-Key")
    public static let idempotencyKey = known("Idempotency-Key")
    static let idempotentReplayed = known("Idempotent-Replayed")
    static let forwardedFor = known("X-Forwarded-For")
    static let rateLimit = known("x-ratelimit-limit")
    static let rateRemaining = known("x-ratelimit-remaining")
    static let rateReset = known("x-ratelimit-reset")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else {
            preconditionFailure("A header name of the program is no header name.")
        }
        return field
    }
}
