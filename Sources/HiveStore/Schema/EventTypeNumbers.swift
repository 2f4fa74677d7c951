import HiveModel

/// The numbers that `hive_events.event_type` holds for the types of the protocol; others get theirs from `event_types`.
enum EventTypeNumbers {
    /// Numbers below this are control types; the index `hive_events_control` spells it out.
    static let firstContentType: Int64 = 100
    /// Types this version does not know are numbered from here as they come.
    static let firstUnknownType: Int64 = 1_000

    static let fixed: [(Int64, EventType)] = [
        (1, .groupCreated),
        (2, .epochOpened),
        (3, .instanceAdded),
        (4, .instanceRemoved),
        (5, .ownerChanged),
        (6, .moderatorChanged),
        (7, .membershipChanged),
        (8, .hiveSettingChanged),
        (9, .compactionPoint),
        (10, .snapshotAttested),
        (100, .postCreated),
        (101, .postUpdated),
        (102, .postDeleted),
        (103, .postPinned),
        (104, .commentCreated),
        (105, .commentUpdated),
        (106, .commentDeleted),
        (107, .voteCast),
        (108, .agentProfileChanged),
    ]
}
