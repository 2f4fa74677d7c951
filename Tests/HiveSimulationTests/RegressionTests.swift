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
    ]

    @Test("It stays found", arguments: found)
    func staysFound(_ found: Found) throws {
        var options = SimulationOptions(seed: found.seed)
        try options.override(found.options)
        let result = Simulation(seed: found.seed, options: options).run()
        #expect(result.violations.isEmpty, "\(result.violations)")
    }
}
