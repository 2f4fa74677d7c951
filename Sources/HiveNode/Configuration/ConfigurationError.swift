/// A setting that can't be used: names the place, the key and what to write instead.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where the setting was given.
    public var origin: ConfigurationOrigin
    /// The key, snake case, dots between the parts; nil where the file as a whole can't be read.
    public var key: String?
    /// A sentence: what is wrong and what to write.
    public var message: String

    public init(origin: ConfigurationOrigin, key: String?, message: String) {
        self.origin = origin
        self.key = key
        self.message = message
    }

    public var description: String {
        switch origin {
        case .standard: message
        default: "\(origin.text): \(message)"
        }
    }
}
