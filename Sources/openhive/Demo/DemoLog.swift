/// Tells what happens as it happens, each line with the time since the start.
struct DemoLog: Sendable {
    /// With `--json` the story goes to standard error, so that standard output is JSON alone.
    let isJSON: Bool
    private let start = ContinuousClock.now

    init(isJSON: Bool) {
        self.isJSON = isJSON
    }

    func say(_ text: String) {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let time = Readable.decimal(seconds, places: 1)
        let line = String(repeating: " ", count: max(0, 6 - time.count)) + time + " s  " + text
        if isJSON { Terminal.note(line) } else { Terminal.out(line) }
    }

    func heading(_ text: String) {
        if isJSON { return Terminal.note("\n" + text) }
        Terminal.out("")
        Terminal.out(Terminal.isOutputTerminal ? "\u{1B}[1m\(text)\u{1B}[0m" : text)
    }

    func plain(_ lines: [String]) {
        for line in lines {
            if isJSON { Terminal.note(line) } else { Terminal.out(line) }
        }
    }
}
