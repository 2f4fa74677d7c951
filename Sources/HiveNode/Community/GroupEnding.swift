import HiveModel

/// Why this instance takes no more part in a group, as kept with the group's status `stopped`: a sentence.
enum GroupEnding {
    static let status = "stopped"
    static let left = "This instance has left the group."
    static let givenUp = "Joining was given up before the group was complete here."
    static let unnamed = "This instance is no member of the group any more."

    /// Whether it went of its own will: then its peers have to be told.
    static func isOwnWill(_ reason: String?) -> Bool { reason == left }

    /// Whether others ended it: then it may be let in again without asking for it here.
    static func isByOthers(_ reason: String?) -> Bool { reason != left && reason != givenUp }

    static func removed(by name: String, _ reason: String?) -> String {
        let why = reason.map { ": \($0)" } ?? ""
        return "This instance was removed from the group by \(name)\(why)\(why.hasSuffix(".") ? "" : ".")"
    }
}
