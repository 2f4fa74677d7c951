import HiveSimulation

/// What was typed.
struct Arguments {
    var seed: UInt64?
    var runs: Int?
    var minutes: Int?
    /// The seed of the first run, where several are asked for.
    var firstSeed: UInt64 = 1
    /// In the form of `SimulationOptions.description`, laid over what a seed draws.
    var options: [String] = []
    var isTraced = false
    var isShrunk = false
    var keepsGoing = false
    var isHelpWanted = false
    /// For the line that reproduces a failure.
    var commit = "unknown"

    struct Fault: Error {
        var message: String
    }

    static let help = """
        usage: hive-sim --seed N | --runs N | --minutes N [options]

        Runs clusters of hives in one thread and in virtual time, all drawn from a seed, and checks what must hold.

          --seed N          one seed
          --runs N          N seeds
          --minutes N       as many seeds as fit
          --from N          the first seed of --runs and --minutes (1)
          --nodes N         2 to 9, whatever the seed draws
          --events N        about how many events clients write
          --faults LIST     none, all, loss+crashes, or changes to what the seed draws: +evil, -loss+evil
          --options LIST    as a failure prints them: nodes=4,events=300,faults=loss+crashes,skip=3-9
          --trace           print what happens
          --shrink          make a failing run smaller and print its trace
          --keep-going      do not stop at the first failure
          --commit NAME     what the line that reproduces a failure says
          --jobs 1          accepted; one process runs one seed at a time

        exit codes: 0 fine, 2 usage, 10 something was wrong, 11 stuck, 12 crashed
        """

    init(_ words: [String]) throws(Fault) {
        var rest = words[...]
        func value(_ name: String) throws(Fault) -> String {
            guard let value = rest.popFirst() else { throw Fault(message: "\(name) wants a value") }
            return value
        }
        func number<Number: FixedWidthInteger>(_ name: String) throws(Fault) -> Number {
            let text = try value(name)
            guard let number = Number(text), number >= 0 else {
                throw Fault(message: "\(name) wants a whole number, not \(text)")
            }
            return number
        }
        while let word = rest.popFirst() {
            switch word {
            case "--seed": seed = try number(word)
            case "--runs": runs = try number(word)
            case "--minutes": minutes = try number(word)
            case "--from": firstSeed = try number(word)
            case "--nodes", "--events", "--faults", "--writers", "--topology", "--span":
                options.append("\(word.dropFirst(2))=\(try value(word))")
            case "--options": options.append(try value(word))
            case "--trace": isTraced = true
            case "--shrink": isShrunk = true
            case "--keep-going": keepsGoing = true
            case "--commit": commit = try value(word)
            case "--jobs":
                let jobs: Int = try number(word)
                guard jobs == 1 else { throw Fault(message: "--jobs is 1: run several processes with --from instead") }
            case "--help", "-h": isHelpWanted = true
            default: throw Fault(message: "there is no option \(word)")
            }
        }
        guard !isHelpWanted else { return }
        guard [seed != nil, runs != nil, minutes != nil].count(where: { $0 }) == 1 else {
            throw Fault(message: "one of --seed, --runs and --minutes is needed")
        }
        // Said now, and not in the middle of a campaign.
        _ = try simulation(of: 1)
    }

    /// The run of a seed.
    func simulation(of seed: UInt64) throws(Fault) -> Simulation {
        var drawn = SimulationOptions(seed: seed)
        do throws(OptionsError) {
            for text in options { try drawn.override(text) }
        } catch {
            throw Fault(message: error.description)
        }
        return Simulation(seed: seed, options: drawn)
    }
}
