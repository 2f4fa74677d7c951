import Foundation

/// How many files and connections this process may have open.
public enum OpenFileLimit {
    /// Takes all that the system allows without asking anybody (the hard limit): the usual 1,024 are fewer than the
    /// connections a server accepts.
    ///
    /// Returns the limit that holds afterwards.
    @discardableResult
    public static func raise() -> UInt64 {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        guard limit.rlim_cur < limit.rlim_max else { return UInt64(limit.rlim_cur) }
        let held = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        let isRaised = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        return UInt64(isRaised ? limit.rlim_cur : held)
    }
}
