/// Comparison of secrets whose time depends on lengths only.
public enum ConstantTime {
    /// Whether both hold the same bytes.
    ///
    /// The time taken tells the length of `candidate`, which its sender knows, and no more of `secret` than its length.
    public static func isEqual(_ candidate: some Sequence<UInt8>, to secret: [UInt8]) -> Bool {
        guard !secret.isEmpty else { return false }
        var difference = 0
        var count = 0
        for byte in candidate {
            difference |= Int(byte ^ secret[count % secret.count])
            count += 1
        }
        return difference | (count ^ secret.count) == 0
    }
}
