/// Which fold this program has.
public enum Materializer {
    /// Raised by every change that makes the same log fold to another state.
    ///
    /// Equal heads and equal versions mean equal roots (protocol, section 5); a database written by another version is
    /// folded again when it is opened.
    public static let version: Int64 = 1
}
