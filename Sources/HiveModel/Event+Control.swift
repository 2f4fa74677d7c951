extension Event {
    /// Whether it decides who may do what, or what of the logs counts (protocol, section 5).
    ///
    /// The own signature of such an event is always checked.
    ///
    /// Of `membership_changed` the word in `action` decides, whether the rest of the payload is in order or not.
    public var isControl: Bool {
        switch header.type {
        case .groupCreated, .epochOpened, .ownerChanged, .instanceAdded, .instanceRemoved, .moderatorChanged,
            .hiveSettingChanged, .compactionPoint, .snapshotAttested:
            true
        case .membershipChanged: membershipAction?.isControl ?? false
        default: false
        }
    }

    private var membershipAction: MembershipChanged.Action? {
        let payload = try? JSONValue(parsing: payload)
        return payload?["action"]?.string.flatMap { MembershipChanged.Action(rawValue: $0) }
    }
}
