import HiveImport

/// The 500 stories that ship with the command; `scripts/make-sample.py` chose them, `NOTICE` names their source.
enum SampleStories {
    private static let bytesMax = 8 * 1024 * 1024

    static func load() throws -> HackerNewsFile {
        guard let json = Gzip.inflated(PackageResources.stories_json_gz, bytesMax: bytesMax),
            let file = try? HackerNewsFile(parsing: json)
        else { throw CommandError(.failed, "The stories inside this program are damaged: install it again.") }
        return file
    }
}
