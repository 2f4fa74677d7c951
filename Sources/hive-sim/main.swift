// Simulated clusters from a seed; see docs/simulation.md.

do throws(Arguments.Fault) {
    let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
    if arguments.isHelpWanted {
        say(Arguments.help)
        leave(0)
    }
    CrashReport.install()
    var campaign = Campaign(arguments)
    leave(try campaign.run())
} catch {
    say("hive-sim: \(error.message)")
    say("hive-sim --help lists the options")
    leave(2)
}
