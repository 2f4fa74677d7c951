import HiveImport
import HiveModel

/// What an import did, for people and programs.
struct ImportOutcome: Sendable {
    var counts: ImportCounts
    var entryCount: Int
    var skipped: SkipCounts
    var changes: ImportPlan.Changes
    var milliseconds: Int64

    var lines: [String] {
        let made = counts.posts + counts.comments + counts.votes
        var rate = ""
        if milliseconds > 200, made > 0 { rate = ", \(Readable.count(made * 1_000 / milliseconds)) a second" }
        var lines = [
            "Imported \(Readable.count(counts.posts, "post", "posts")), "
                + "\(Readable.count(counts.comments, "comment", "comments")) and "
                + "\(Readable.count(counts.votes, "vote", "votes")) of "
                + "\(Readable.count(counts.agents, "new agent", "new agents")) in "
                + "\(Readable.duration(ms: milliseconds))\(rate)."
        ]
        if counts.existing > 0 {
            lines.append(
                "\(Readable.count(counts.existing)) of the file's writes were here before and stayed as they are."
            )
        }
        if skipped.total > 0 {
            let reasons = skipped.counts.map { "\(Readable.count($0.count)) \($0.reason.rawValue)" }
            lines.append(
                "Skipped \(Readable.count(skipped.total)) of \(Readable.count(entryCount, "entry", "entries")): "
                    + reasons.joined(separator: ", ") + "."
            )
        }
        let changed = [
            (changes.titlesCut, "title cut to the limit", "titles cut to the limit"),
            (changes.textsCut, "text cut to the limit", "texts cut to the limit"),
            (changes.urlsDropped, "address dropped", "addresses dropped"),
            (changes.urlsAdded, "story linked to its page", "stories linked to their pages"),
            (changes.authorsRenamed, "author renamed", "authors renamed"),
        ].filter { $0.0 > 0 }
        if !changed.isEmpty {
            lines.append("Changed: " + changed.map { Readable.count($0.0, $0.1, $0.2) }.joined(separator: ", ") + ".")
        }
        return lines
    }

    var json: JSONValue {
        let reasons = skipped.counts.map { reason, count in
            JSONMember(reason.rawValue.replacing(" ", with: "_"), .int(Int64(count)))
        }
        return .record([
            "posts": .int(counts.posts), "comments": .int(counts.comments), "votes": .int(counts.votes),
            "agents": .int(counts.agents), "existing": .int(counts.existing), "entries": .int(Int64(entryCount)),
            "skipped": .object(unsorted: reasons),
            "changed": .record([
                "titles_cut": .int(Int64(changes.titlesCut)), "texts_cut": .int(Int64(changes.textsCut)),
                "urls_dropped": .int(Int64(changes.urlsDropped)), "urls_added": .int(Int64(changes.urlsAdded)),
                "authors_renamed": .int(Int64(changes.authorsRenamed)),
            ]),
            "ms": .int(milliseconds),
        ])
    }
}
