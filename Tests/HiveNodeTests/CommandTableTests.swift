import HiveModel
import Testing

@testable import openhive

@Suite("Tables and figures of the command line")
struct CommandTableTests {
    @Test("Columns are aligned and lines end without spaces")
    func aligns() {
        var table = TableWriter([.init("NAME"), .init("COUNT", .right), .init("NOTE")])
        table.add("a", "1", "")
        table.add("longer", "1,234", "x")
        #expect(
            table.lines == [
                "NAME    COUNT  NOTE",
                "a           1",
                "longer  1,234  x",
            ]
        )
    }

    @Test("Missing cells show as a dash, too few as nothing")
    func missingCells() {
        var table = TableWriter([.init("A"), .init("B"), .init("C")])
        table.add("1", nil)
        #expect(table.lines.last == "1  -")
    }

    @Test("Long cells are cut, and text of elsewhere can't move the cursor")
    func cutsAndCleans() {
        var table = TableWriter([.init("T", widthMax: 5)])
        table.add("abcdefgh")
        table.add("a\u{1B}[2Jb")
        table.add("a\n b")
        #expect(Array(table.lines.dropFirst()) == ["abcd…", "a\u{FFFD}[2…", "a b"])
        #expect(Readable.oneLine("x\u{202E}y\u{7F}") == "x\u{FFFD}y\u{FFFD}")
    }

    @Test("Widths count characters, not bytes")
    func widths() {
        var table = TableWriter([.init("X"), .init("Y")])
        table.add("é😀", "1")
        table.add("ab", "2")
        #expect(Array(table.lines.dropFirst()) == ["é😀  1", "ab  2"])
    }

    @Test(
        "Counts have thousands separators",
        arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567")]
    )
    func counts(number: Int, text: String) {
        #expect(Readable.count(number) == text)
    }

    @Test(
        "Sizes have a unit",
        arguments: [
            (0, "0 B"), (1_023, "1023 B"), (1_024, "1.0 KiB"), (1_536, "1.5 KiB"), (1_048_575, "1.0 MiB"),
            (3 << 30, "3.0 GiB"),
        ]
    )
    func sizes(number: Int64, text: String) {
        #expect(Readable.bytes(number) == text)
    }

    @Test(
        "Spans of time are short",
        arguments: [
            (0, "0 ms"), (999, "999 ms"), (4_200, "4.2 s"), (185_000, "3 min 5 s"), (7_800_000, "2 h 10 min"),
            (432_000_000, "5 d"),
        ]
    )
    func durations(ms: Int64, text: String) {
        #expect(Readable.duration(ms: ms) == text)
    }

    @Test("Ages look back and ahead")
    func ages() {
        #expect(Readable.age(ms: 10_000, now: 15_000) == "5 s ago")
        #expect(Readable.age(ms: 10_000, now: 10_500) == "now")
        #expect(Readable.age(ms: 86_400_000 * 7, now: 0) == "in 7 d")
        #expect(Readable.age(ms: 1_700_000_000_000, now: 1_800_000_000_000) == "2023-11-14")
        #expect(Readable.age(iso: "1970-01-01T00:00:10.000Z", now: 15_000) == "5 s ago")
        #expect(Readable.age(iso: "soon", now: 0) == "soon")
        #expect(Readable.age(iso: nil, now: 0) == nil)
        #expect(Readable.time(ms: 1_700_000_000_000) == "2023-11-14 22:13:20")
    }

    @Test("A progress line fits its terminal; without one it is plain")
    func progress() {
        let plain = ProgressBar.line("Importing", done: 500, total: 1_000, unit: "items", seconds: 2, columns: nil)
        #expect(plain == "Importing  50 %  500 of 1,000 items  250/s")
        let drawn = ProgressBar.line("Importing", done: 500, total: 1_000, unit: "items", seconds: 2, columns: 80)
        #expect(drawn.contains("[###"))
        #expect(drawn.count < 80)
        let narrow = ProgressBar.line("Importing", done: 500, total: 1_000, unit: "items", seconds: 2, columns: 20)
        #expect(narrow.count < 20)
        let open = ProgressBar.line("Receiving", done: 7, total: 0, unit: "events", seconds: 0, columns: 80)
        #expect(open == "Receiving  7 events")
    }
}
