import Glibc
public import HiveModel

/// What every route of a server shares.
public struct HTTPServices: Sendable {
    public var authenticator: Authenticator
    /// Nil = nothing is limited.
    public var limiter: RateLimiter?
    /// Nil = `Idempotency-Key` is ignored.
    public var idempotency: (any IdempotencyStore)?
    /// Nil = no cross-origin headers.
    public var cors: CORSPolicy?
    public var hashing: any Hashing
    public var proxies: TrustedProxies
    /// Milliseconds since 1970.
    public var nowMs: @Sendable () -> Int64

    public init(
        authenticator: Authenticator,
        limiter: RateLimiter?,
        idempotency: (any IdempotencyStore)?,
        cors: CORSPolicy?,
        hashing: any Hashing,
        proxies: TrustedProxies = TrustedProxies(),
        nowMs: @escaping @Sendable () -> Int64 = { WallClock.nowMs() }
    ) {
        self.authenticator = authenticator
        self.limiter = limiter
        self.idempotency = idempotency
        self.cors = cors
        self.hashing = hashing
        self.proxies = proxies
        self.nowMs = nowMs
    }
}

/// The machine's clock.
public enum WallClock {
    /// Milliseconds since 1970.
    public static func nowMs() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
