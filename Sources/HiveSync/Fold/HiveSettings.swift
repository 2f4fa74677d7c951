public import HiveModel

/// The settings of a hive that the protocol knows (section 5); others are kept as they are.
public enum HiveSettings {
    public static let description = "description"
    public static let isPublic = "is_public"
    public static let retentionDays = "retention_days"
    public static let maxClockDriftMs = "max_clock_drift_ms"

    /// Fixed by the genesis: an act that sets one is void.
    private static let fixed = ["admission", "vote_privacy", "successors", "quorum"]

    /// Whether only the owner changes it.
    public static func isOwners(_ key: String) -> Bool { [isPublic, retentionDays, maxClockDriftMs].contains(key) }

    /// Why a setting can't have that value; nil where it can.
    public static func fault(_ key: String, _ value: JSONValue) -> String? {
        switch key {
        case isPublic:
            guard case .bool = value else { return "is_public should be true or false" }
        case description:
            switch value {
            case .string, .null: break
            default: return "description should be a string or null"
            }
        case retentionDays: return rangeFault(key, value, GroupPolicy.retentionRangeDays)
        case maxClockDriftMs: return rangeFault(key, value, GroupPolicy.clockDriftRangeMs)
        default: return fixed.contains(key) ? "\(key) is fixed when the group is founded" : nil
        }
        return nil
    }

    private static func rangeFault(_ key: String, _ value: JSONValue, _ range: ClosedRange<Int64>) -> String? {
        if let number = value.int, range.contains(number) { return nil }
        return "\(key) should be an integer from \(range.lowerBound) to \(range.upperBound)"
    }
}

extension FoldState {
    /// By how much events may lie ahead of a wall clock, in milliseconds: the setting, or what the genesis says.
    func maxClockDriftMs() throws -> Int64? {
        if let setting = try setting(HiveSettings.maxClockDriftMs), let value = try? JSONValue(parsing: setting.value) {
            return value.int
        }
        return try group()?.policy.maxClockDriftMs
    }
}
