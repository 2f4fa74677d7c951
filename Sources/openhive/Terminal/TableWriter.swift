/// Lays rows out in aligned columns, for people.
///
/// Widths count characters. A cell longer than its column's maximum is cut with an ellipsis; control characters, which
/// could move the cursor or change colours, show as a replacement character.
struct TableWriter {
    enum Alignment { case left, right }

    struct Column {
        var title: String
        var alignment: Alignment
        var widthMax: Int

        init(_ title: String, _ alignment: Alignment = .left, widthMax: Int = 60) {
            self.title = title
            self.alignment = alignment
            self.widthMax = widthMax
        }
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Missing cells are empty, surplus ones are left out.
    mutating func add(_ cells: String?...) {
        add(cells: cells)
    }

    mutating func add(cells: [String?]) {
        rows.append(
            columns.indices.map { index in
                index < cells.count ? Self.fitted(cells[index] ?? "-", to: columns[index].widthMax) : ""
            }
        )
    }

    var isEmpty: Bool { rows.isEmpty }

    /// The table's lines, titles first, no spaces at line ends.
    var lines: [String] {
        let widths = columns.indices.map { index in
            max(columns[index].title.count, rows.map { $0[index].count }.max() ?? 0)
        }
        return ([columns.map(\.title)] + rows).map { cells in
            var line = ""
            for (index, cell) in cells.enumerated() {
                let padding = String(repeating: " ", count: widths[index] - cell.count)
                line += columns[index].alignment == .right ? padding + cell : cell + padding
                if index < cells.count - 1 { line += "  " }
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    func print() {
        for line in lines { Terminal.out(line) }
    }

    private static func fitted(_ cell: String, to width: Int) -> String {
        let clean = Readable.oneLine(cell)
        return clean.count <= width ? clean : String(clean.prefix(max(1, width - 1))) + "…"
    }
}
