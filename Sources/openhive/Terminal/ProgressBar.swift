/// Shows how far long work is: a bar drawn over itself on a terminal, otherwise a line now and then.
struct ProgressBar {
    private let label: String
    private let total: Int64
    private let unit: String
    private let isDrawn: Bool
    private let isSilent: Bool
    private let start = ContinuousClock.now
    private var lastShown: ContinuousClock.Instant
    private var done: Int64 = 0

    /// Times between two drawings and two lines.
    private static let drawInterval = Duration.milliseconds(80)
    private static let lineInterval = Duration.seconds(5)

    /// - Parameters:
    ///   - total: What counts as done; 0 where nobody knows.
    ///   - isSilent: Nothing is shown, for `--json`.
    init(_ label: String, total: Int64, unit: String, isSilent: Bool = false) {
        self.label = label
        self.total = total
        self.unit = unit
        self.isSilent = isSilent
        isDrawn = Terminal.isErrorTerminal
        lastShown = start - Self.lineInterval
        if !isDrawn { lastShown = start }
    }

    mutating func update(to count: Int64) {
        done = count
        guard !isSilent else { return }
        let now = ContinuousClock.now
        guard now - lastShown >= (isDrawn ? Self.drawInterval : Self.lineInterval) else { return }
        lastShown = now
        let line = Self.line(
            label,
            done: done,
            total: total,
            unit: unit,
            seconds: seconds(now),
            columns: isDrawn ? Terminal.columns : nil
        )
        if isDrawn { Terminal.draw("\r\u{1B}[K" + line) } else { Terminal.note(line) }
    }

    /// Takes the bar away; what came of the work is the caller's to say.
    mutating func finish() {
        if isDrawn, !isSilent { Terminal.draw("\r\u{1B}[K") }
    }

    private func seconds(_ now: ContinuousClock.Instant) -> Double { (now - start) / .seconds(1) }

    /// - Parameter columns: The terminal's width; nil = no bar.
    static func line(
        _ label: String,
        done: Int64,
        total: Int64,
        unit: String,
        seconds: Double,
        columns: Int?
    ) -> String {
        let rate = seconds > 0.2 ? "  \(Readable.count(Int64(Double(done) / seconds)))/s" : ""
        guard total > 0 else { return "\(label)  \(Readable.count(done)) \(unit)\(rate)" }
        let share = min(1, max(0, Double(done) / Double(total)))
        let percent = "\(Int(share * 100)) %"
        let figures = "\(percent)  \(Readable.count(done)) of \(Readable.count(total)) \(unit)\(rate)"
        guard let columns else { return "\(label)  \(figures)" }
        let width = min(30, columns - label.count - figures.count - 8)
        guard width >= 5 else { return String("\(label)  \(figures)".prefix(max(1, columns - 1))) }
        let filled = Int(share * Double(width))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        return "\(label)  [\(bar)]  \(figures)"
    }
}
