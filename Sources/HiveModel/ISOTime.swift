/// Times as text: ISO 8601 with milliseconds in UTC, by integer arithmetic on the Gregorian calendar.
public enum ISOTime {
    /// `2026-01-31T23:59:59.999Z` for milliseconds since 1970; years outside 0 to 9999 get a sign and six digits.
    public static func text(_ ms: Int64) -> String {
        var bytes = [UInt8]()
        append(ms, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func append(_ ms: Int64, to text: inout [UInt8]) {
        let (days, msOfDay) = divide(ms, by: 86_400_000)
        let date = civilDate(daysSince1970: days)
        if (0...9999).contains(date.year) {
            append(date.year, digits: 4, to: &text)
        } else {
            text.append(UInt8(ascii: date.year < 0 ? "-" : "+"))
            append(abs(date.year), digits: 6, to: &text)
        }
        text.append(UInt8(ascii: "-"))
        append(date.month, digits: 2, to: &text)
        text.append(UInt8(ascii: "-"))
        append(date.day, digits: 2, to: &text)
        text.append(UInt8(ascii: "T"))
        append(msOfDay / 3_600_000, digits: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        append(msOfDay / 60_000 % 60, digits: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        append(msOfDay / 1000 % 60, digits: 2, to: &text)
        text.append(UInt8(ascii: "."))
        append(msOfDay % 1000, digits: 3, to: &text)
        text.append(UInt8(ascii: "Z"))
    }

    /// Milliseconds since 1970 of a text as `text` makes it, or without a fraction of a second; nil for anything else.
    public static func milliseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 20 || bytes.count == 24, bytes.last == UInt8(ascii: "Z"),
            bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19])
        else { return nil }
        var fraction: Int64 = 0
        if bytes.count == 24 {
            guard bytes[19] == UInt8(ascii: "."), let ms = number(bytes[20..<23]) else { return nil }
            fraction = ms
        }
        let days = daysSince1970(year: year, month: month, day: day)
        let date = civilDate(daysSince1970: days)
        guard (1...12).contains(month), hour < 24, minute < 60, second < 60, date == (year, month, day) else {
            return nil
        }
        return days * 86_400_000 + hour * 3_600_000 + minute * 60_000 + second * 1000 + fraction
    }

    /// The civil date of a day, by 400-year eras that begin on 1 March.
    static func civilDate(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = divide(days + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let (era, yearOfEra) = divide(month <= 2 ? year - 1 : year, by: 400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Quotient towards minus infinity, and the rest, which is never negative.
    private static func divide(_ number: Int64, by divisor: Int64) -> (quotient: Int64, rest: Int64) {
        let (quotient, rest) = number.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }

    private static func append(_ number: Int64, digits: Int, to text: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        var number: Int64 = 0
        for digit in digits {
            guard JSONScanner.isDigit(digit) else { return nil }
            number = number * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        return number
    }
}
