/// Numbers as ECMAScript prints them (RFC 8785, section 3.2.2.3).
enum CanonicalNumber {
    /// Appends a finite number; -0 is written as 0, and what is not finite, which JSON can't say, as `null`.
    static func append(_ number: Double, to text: inout [UInt8]) {
        guard number.isFinite else {
            text.append(contentsOf: "null".utf8)
            return
        }
        guard number != 0 else {
            text.append(UInt8(ascii: "0"))
            return
        }
        if number < 0 { text.append(UInt8(ascii: "-")) }
        let (digits, point) = shortestDigits(abs(number))
        layOut(digits, point: point, to: &text)
    }

    /// The shortest digits that read back as `number`, without zeros at either end, and the place of the point: the
    /// value is `0.<digits>` times 10 to the power `point`.
    private static func shortestDigits(_ number: Double) -> (digits: [UInt8], point: Int) {
        var digits = [UInt8]()
        var point: Int?
        var exponent = 0
        var isExponentNegative = false
        var isInExponent = false
        for character in number.description.utf8 {
            switch character {
            case UInt8(ascii: "."): point = digits.count
            case UInt8(ascii: "e"): isInExponent = true
            case UInt8(ascii: "-"): isExponentNegative = true
            case UInt8(ascii: "+"): break
            default:
                if isInExponent {
                    exponent = exponent * 10 + Int(character - UInt8(ascii: "0"))
                } else {
                    digits.append(character)
                }
            }
        }
        var place = (point ?? digits.count) + (isExponentNegative ? -exponent : exponent)
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(leading)
        place -= leading
        return (digits, place)
    }

    private static func layOut(_ digits: [UInt8], point: Int, to text: inout [UInt8]) {
        let zero = UInt8(ascii: "0")
        switch point {
        case digits.count...21 where digits.count <= 21:
            text.append(contentsOf: digits)
            text.append(contentsOf: repeatElement(zero, count: point - digits.count))
        case 1...21:
            text.append(contentsOf: digits[..<point])
            text.append(UInt8(ascii: "."))
            text.append(contentsOf: digits[point...])
        case -5...0:
            text.append(contentsOf: [zero, UInt8(ascii: ".")])
            text.append(contentsOf: repeatElement(zero, count: -point))
            text.append(contentsOf: digits)
        default:
            text.append(contentsOf: digits.prefix(1))
            if digits.count > 1 {
                text.append(UInt8(ascii: "."))
                text.append(contentsOf: digits.dropFirst())
            }
            text.append(UInt8(ascii: "e"))
            text.append(UInt8(ascii: point > 0 ? "+" : "-"))
            JSONWriter.appendDecimal(UInt64(abs(point - 1)), to: &text)
        }
    }
}
