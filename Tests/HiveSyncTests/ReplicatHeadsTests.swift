import HiveCrypto
import HiveModel
import HiveSync
import HiveTestKit
import Testing

@Suite("Heads")
struct ReplicatHeadsTests {
    @Test("The digest is that of the canonical form, whatever the order")
    func digest() {
        let heads = [Sample.head(Sample.theirs, 2), Sample.head(Sample.ours, 12, epoch: 3)]
        let text = String(decoding: HeadsDigest.canonical(heads), as: UTF8.self)
        let expected = """
            {"inst_aaaaaaaaaaaaaaaaaaaaaaaaaa":[3,12,"\(heads[1].hash.hex)"],\
            "inst_bbbbbbbbbbbbbbbbbbbbbbbbbb":[1,2,"\(heads[0].hash.hex)"]}
            """
        #expect(text == expected)
        #expect(HeadsDigest.of(heads, SwiftCrypto()) == SwiftCrypto().sha256(Array(expected.utf8)))
        #expect(HeadsDigest.canonical(heads.reversed()) == HeadsDigest.canonical(heads))
        #expect(HeadsDigest.canonical([]) == Array("{}".utf8))
    }

    @Test("Heads are put in order, one an instance")
    func inOrder() {
        let mixed = [
            Sample.head(Sample.third, 1), Sample.head(Sample.ours, 5), Sample.head(Sample.third, 4),
            Sample.head(Sample.ours, 2),
        ]
        #expect(mixed.inOrder == [Sample.head(Sample.ours, 5), Sample.head(Sample.third, 4)])
    }

    @Test(
        "Coverage, lag and what lies beyond",
        arguments: [
            (Sample.heads(5, 5), Sample.heads(5, 5), true, Int64(0)),
            (Sample.heads(5, 5), Sample.heads(4, 5), true, 1),
            (Sample.heads(5, 5), Sample.heads(5), true, 5),
            (Sample.heads(5, 5), [], true, 10),
            (Sample.heads(5, 5), Sample.heads(5, 5, 1), false, 0),
            (Sample.heads(5, 5), Sample.heads(6, 2), false, 3),
            ([], Sample.heads(1), false, 0),
            ([Sample.head(Sample.ours, 2, epoch: 2)], [Sample.head(Sample.ours, 90)], true, 2),
            ([Sample.head(Sample.ours, 90)], [Sample.head(Sample.ours, 2, epoch: 2)], false, 0),
        ]
    )
    func coverage(mine: [LogHead], theirs: [LogHead], covers: Bool, lag: Int64) {
        #expect(mine.covers(theirs) == covers)
        #expect(mine.lag(of: theirs) == lag)
        #expect(mine.beyond(theirs).isEmpty == (lag == 0))
        let merged = mine.merged(with: theirs)
        #expect(merged.covers(mine) && merged.covers(theirs))
        #expect(merged == theirs.merged(with: mine))
        #expect(merged == merged.inOrder)
    }
}
