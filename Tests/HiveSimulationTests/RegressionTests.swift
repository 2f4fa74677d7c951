import HiveSimulation
import Testing

/// Seeds that found something, with the options they found it with.
@Suite("Seeds that found something")
struct RegressionTests {
    struct Found: CustomTestStringConvertible, Sendable {
        var what: String
        var seed: UInt64
        var options: String

        var testDescription: String { "\(what) (seed \(seed))" }
    }

    static let found = [
        Found(
            what: "A push that finds nothing to send was asked for again at once",
            seed: 16,
            options: "nodes=3,writers=2,events=394,span=59000,topology=star,"
                + "faults=loss+duplication+busy+pauses+diskErrors+slowDisk+bitFlips+skew+evil"
        ),
        Found(
            what: "A restored node and its peer waited for each other's events",
            seed: 17,
            options: "nodes=2,writers=2,events=363,span=108000,topology=mesh,"
                + "faults=loss+stalls+busy+pauses+diskErrors+slowDisk+backups"
        ),
        Found(
            what: "A removed node was to be invited by one that owned no more",
            seed: 64,
            options: "nodes=4,writers=3,events=40,span=115000,topology=star,"
                + "faults=latency+duplication+busy+pauses+hidden+slowDisk+bitFlips+skew+removals+rotations"
                + "+transfers"
        ),
        Found(
            what: "A removed node did not come back in time",
            seed: 106,
            options: "nodes=4,writers=1,events=40,span=82000,topology=ring,"
                + "faults=loss+duplication+busy+pauses+crashes+hidden+slowDisk+bitFlips+skew+drift+removals"
                + "+rotations+transfers+moderation"
        ),
        Found(
            what: "A removed node did not come back in time beside a liar",
            seed: 87,
            options: "nodes=3,writers=1,events=366,span=16000,topology=mesh,"
                + "faults=loss+duplication+busy+truncation+crashes+hidden+diskErrors+slowDisk+bitFlips+evil"
                + "+removals+moderation"
        ),
        Found(
            what: "A log that lay in the future from its first event on was not taken back",
            seed: 14,
            options: "nodes=5,writers=3,events=487,span=47000,topology=star,"
                + "faults=latency+truncation+pauses+dead+diskErrors+bitFlips+skew+jumps"
        ),
        Found(
            what: "Two nodes kept each other in the future",
            seed: 22,
            options: "nodes=3,writers=3,events=358,span=41000,topology=mesh,"
                + "faults=latency+duplication+stalls+partitions+busy+truncation+hidden+dead+slowDisk"
                + "+bitFlips+jumps+moderation"
        ),
        Found(
            what: "Lost events were not offered where heads were equal",
            seed: 21,
            options: "nodes=2,writers=1,events=338,span=51000,topology=mesh,"
                + "faults=duplication+stalls+truncation+pauses+dead+diskErrors+backups+drift+rotations"
                + "+moderation"
        ),
        Found(
            what: "What others gave back lay aside and was not repeated: the heads had not changed",
            seed: 3039,
            options: "nodes=3,writers=1,events=100,span=37000,topology=star,"
                + "faults=latency+loss+partitions+busy+crashes+dead+lostCommits+backups+bitFlips+drift"
                + "+rotations"
        ),
        Found(
            what: "A restored hub and a node that can't be dialled kept their chains from each other",
            seed: 3224,
            options: "nodes=2,writers=1,events=100,span=70000,topology=mesh,"
                + "faults=latency+stalls+busy+pauses+crashes+hidden+dead+lostCommits+backups+bitFlips+drift"
                + "+rotations"
        ),
        Found(
            what: "Lost events were offered without the ones they follow",
            seed: 3239,
            options: "nodes=8,writers=1,events=100,span=66000,topology=chords,"
                + "faults=duplication+partitions+dead+diskErrors+slowDisk+lostCommits+backups+bitFlips"
                + "+drift"
        ),
        Found(
            what: "A log whose epoch closed below what a peer held was sent in part",
            seed: 3175,
            options: "nodes=3,writers=3,events=100,span=104000,topology=mesh,"
                + "faults=loss+duplication+hidden+dead+diskErrors+lostCommits+backups+rotations"
        ),
        Found(
            what: "The owner was gone for ever with a member it had removed",
            seed: 2022,
            options: "nodes=5,writers=5,events=100,span=19000,topology=mesh,"
                + "faults=latency+stalls+pauses+crashes+hidden+dead+removals+rotations+transfers+moderation"
        ),
        Found(
            what: "An original that stood again was taken for lost",
            seed: 1184,
            options: "nodes=4,writers=4,events=100,span=21000,topology=mesh,"
                + "faults=latency+loss+duplication+stalls+busy+pauses+crashes+dead+diskErrors+slowDisk"
                + "+lostCommits+backups+skew+evil+removals+transfers+moderation"
        ),
        Found(
            what: "An owner handed over in the future, and its log was of no use until then",
            seed: 1117,
            options: "nodes=5,writers=5,events=60,span=118000,topology=star,"
                + "faults=lostCommits+backups+jumps+evil+removals+transfers"
        ),
        Found(
            what: "A liar's log that was forked from its beginning was waited for",
            seed: 1005,
            options: "nodes=4,writers=2,events=100,span=88000,topology=star,"
                + "faults=latency+duplication+partitions+busy+pauses+hidden+dead+diskErrors+slowDisk"
                + "+lostCommits+backups+skew+drift+evil+removals+rotations+transfers+moderation"
        ),
        Found(
            what: "A restored node held its own events back because they lay in the future",
            seed: 20371,
            options: "nodes=4,writers=4,events=106,span=68000,topology=ring,"
                + "faults=latency+loss+duplication+partitions+truncation+crashes+dead+backups+bitFlips+skew"
                + "+drift+jumps+rotations+moderation"
        ),
        Found(
            what: "A peer held the longer chain of an owner's log, which a pin had killed",
            seed: 40_147,
            options: "nodes=5,writers=4,events=344,span=23000,topology=star,faults=latency+duplication+stalls"
                + "+partitions+pauses+crashes+hidden+slowDisk+backups+skew+jumps+rotations+transfers+moderation"
        ),
        Found(
            what: "An owner signed two transfers of one number, because the first was not committed yet",
            seed: 294,
            options: "nodes=3,writers=1,events=40,span=86000,topology=chords,faults=latency+partitions+truncation"
                + "+pauses+hidden+dead+diskErrors+slowDisk+bitFlips+drift+transfers+moderation"
        ),
        Found(
            what: "A first epoch opened twice leaves no head, so nobody was handed the proof by who can't be dialled",
            seed: 310_661,
            options: "nodes=3,writers=1,events=150,span=82000,topology=ring,faults=loss+duplication+busy+truncation"
                + "+pauses+hidden+lostCommits+jumps+evil+removals"
        ),
        Found(
            what: "The same, where the two openings were seen by a liar alone",
            seed: 311_093,
            options: "nodes=3,writers=1,events=150,span=35000,topology=chords,faults=loss+duplication+stalls"
                + "+partitions+crashes+hidden+diskErrors+lostCommits+skew+drift+evil+transfers"
        ),
        Found(
            what: "What a node that does not return wrote lies aside, and nobody else can repeat it",
            seed: 52_631,
            options: "nodes=3,writers=2,events=344,span=21000,topology=mesh,"
                + "faults=latency+loss+partitions+busy+crashes+dead+lostCommits+backups+bitFlips+skew"
                + "+drift+rotations+transfers+moderation"
        ),
        Found(
            what: "The same, where its first epoch was opened twice",
            seed: 51_670,
            options: "nodes=3,writers=3,events=142,span=65000,topology=mesh,"
                + "faults=latency+loss+duplication+partitions+pauses+hidden+dead+diskErrors+slowDisk"
                + "+backups+drift+jumps+removals+transfers+moderation"
        ),
        Found(
            what: "A post whose creation was lost with a crash was made again by a liar, under another author",
            seed: 310_015,
            options: "nodes=3,writers=2,events=150,span=82000,topology=star,"
                + "faults=loss+stalls+crashes+dead+slowDisk+lostCommits+bitFlips+evil+rotations"
        ),
        Found(
            what: "A proof brought an opening that lay ahead of the clock",
            seed: 311_022,
            options: "nodes=4,writers=1,events=150,span=66000,topology=mesh,"
                + "faults=latency+busy+lostCommits+backups+bitFlips+drift+jumps+evil+rotations"
        ),
        Found(
            what: "Two nodes were let in by one that did not return, and the owner had not heard of it",
            seed: 310_166,
            options: "nodes=4,writers=2,events=150,span=28000,topology=mesh,"
                + "faults=latency+truncation+crashes+hidden+dead+slowDisk+backups+skew+drift+jumps+evil"
                + "+removals+moderation"
        ),
        Found(
            what: "A node was let in by a liar whose log is forked before that",
            seed: 310_507,
            options: "nodes=7,writers=4,events=150,span=23000,topology=mesh,"
                + "faults=loss+stalls+busy+truncation+crashes+hidden+dead+lostCommits+skew+drift+evil"
                + "+moderation"
        ),
        Found(
            what: "A liar was let in by one that did not return",
            seed: 311_677,
            options: "nodes=4,writers=3,events=150,span=62000,topology=mesh,"
                + "faults=latency+loss+stalls+partitions+hidden+dead+diskErrors+slowDisk+lostCommits"
                + "+bitFlips+skew+drift+evil+removals+rotations+transfers"
        ),
        Found(
            what: "A node that a liar let in beyond its fork was known to some only",
            seed: 320_915,
            options: "nodes=5,writers=5,events=150,span=73000,topology=mesh,"
                + "faults=latency+stalls+partitions+busy+truncation+dead+bitFlips+evil+removals+transfers"
                + "+moderation"
        ),
    ]

    @Test("It stays found", arguments: found)
    func staysFound(_ found: Found) throws {
        var options = SimulationOptions(seed: found.seed)
        try options.override(found.options)
        let result = Simulation(seed: found.seed, options: options).run()
        #expect(result.violations.isEmpty, "\(result.violations)")
    }
}
