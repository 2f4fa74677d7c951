import HiveModel

/// Figures as people read them.
enum Readable {
    /// `1,234,567`.
    static func count(_ number: Int64) -> String {
        let digits = String(number.magnitude)
        var out = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { out.append(",") }
            out.append(digit)
        }
        return number < 0 ? "-" + out : out
    }

    static func count(_ number: Int) -> String { count(Int64(number)) }

    /// `3 posts`, `1 post`.
    static func count(_ number: some BinaryInteger, _ one: String, _ many: String) -> String {
        count(Int64(number)) + " " + (number == 1 ? one : many)
    }

    /// `512 B`, `1.5 KiB`, `3.0 GiB`.
    static func bytes(_ number: Int64) -> String {
        let units = ["KiB", "MiB", "GiB", "TiB", "PiB"]
        guard number.magnitude >= 1_024 else { return "\(number) B" }
        var value = Double(number) / 1_024
        var unit = 0
        while value.magnitude >= 1_023.95, unit < units.count - 1 {
            value /= 1_024
            unit += 1
        }
        return decimal(value, places: 1) + " " + units[unit]
    }

    /// `12 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`, `5 d`.
    static func duration(ms: Int64) -> String {
        switch ms.magnitude {
        case 0..<1_000: return "\(ms) ms"
        case 1_000..<60_000: return decimal(Double(ms) / 1_000, places: 1) + " s"
        case 60_000..<3_600_000: return "\(ms / 60_000) min \(ms / 1_000 % 60) s"
        case 3_600_000..<172_800_000: return "\(ms / 3_600_000) h \(ms / 60_000 % 60) min"
        default: return "\(ms / 86_400_000) d"
        }
    }

    /// `2026-01-31 23:59:59` in UTC.
    static func time(ms: Int64) -> String {
        let text = ISOTime.text(ms)
        return String(text.prefix(10)) + " " + String(text.dropFirst(11).prefix(8))
    }

    /// `5 s ago`, `3 h ago`, `in 7 d`, `now`; the date where it is more than two months away.
    static func age(ms: Int64, now: Int64) -> String {
        let distance = now - ms
        let size: String
        switch distance.magnitude {
        case 0..<1_000: return "now"
        case 1_000..<60_000: size = "\(distance.magnitude / 1_000) s"
        case 60_000..<3_600_000: size = "\(distance.magnitude / 60_000) min"
        case 3_600_000..<172_800_000: size = "\(distance.magnitude / 3_600_000) h"
        case 172_800_000..<5_184_000_000: size = "\(distance.magnitude / 86_400_000) d"
        default: return String(time(ms: ms).prefix(10))
        }
        return distance > 0 ? size + " ago" : "in " + size
    }

    /// The age of an ISO 8601 time of a reply; nil stays nil, another text stays as it is.
    static func age(iso text: String?, now: Int64) -> String? {
        guard let text else { return nil }
        return ISOTime.milliseconds(text).map { age(ms: $0, now: now) } ?? text
    }

    /// Text of elsewhere on one line: white space collapsed, control characters replaced.
    static func oneLine(_ text: String) -> String {
        let words = text.split { $0.isWhitespace }.joined(separator: " ")
        guard words.unicodeScalars.contains(where: isControl) else { return words }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: words.unicodeScalars.map { isControl($0) ? "\u{FFFD}" : $0 })
        return String(view)
    }

    /// C0, C1 and the marks that turn the direction of writing.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    static func decimal(_ value: Double, places: Int) -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = Int64((value.magnitude * scale).rounded())
        let whole = scaled / Int64(scale)
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard places > 0 else { return sign + String(whole) }
        let fraction = String(scaled % Int64(scale))
        return sign + "\(whole)." + String(repeating: "0", count: places - fraction.count) + fraction
    }
}
