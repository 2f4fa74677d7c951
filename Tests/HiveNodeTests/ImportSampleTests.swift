import HiveImport
import Testing

@testable import openhive

@Suite("The stories that ship with the command")
struct ImportSampleTests {
    @Test("There are 500, all of which can come in")
    func sample() throws {
        let file = try SampleStories.load()
        #expect(file.items.count == 500)
        #expect(file.skipped.total == 0)
        let plan = ImportPlan(file, withVotes: true)
        #expect(plan.storyCount == 500)
        #expect(plan.voteCount > 10_000)
    }

    @Test("Their authors' names are invented ones")
    func names() throws {
        for item in try SampleStories.load().items {
            #expect(item.author.wholeMatch(of: /[a-z]+-[a-z]+(-[0-9]+)?/) != nil)
        }
    }

    @Test("Broken gzip is refused, as is more than the limit")
    func gzip() {
        let whole = PackageResources.stories_json_gz
        #expect(Gzip.inflated(Array(whole.dropLast(20)), bytesMax: 1 << 24) == nil)
        #expect(Gzip.inflated([0x1F, 0x8B, 0, 0], bytesMax: 1 << 24) == nil)
        #expect(Gzip.inflated(whole, bytesMax: 1_000) == nil)
        #expect(!Gzip.isGzip([0x5B]))
    }
}
