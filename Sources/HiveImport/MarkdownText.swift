/// Plain text made safe to stand in Markdown: it shows as what it is, and no part of it is markup or raw HTML.
///
/// Escapes only where a renderer (CommonMark with GFM's autolinks, tables and strikethrough) could see markup, so that
/// the text stays readable as it is. Web addresses are left alone: they link themselves.
enum MarkdownText {
    /// - Parameter text: A run of text without markup; whitespace is the caller's.
    static func escaped(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var out = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            if let end = addressEnd(scalars, from: index) {
                out.append(contentsOf: scalars[index..<end])
                index = end
                continue
            }
            let before = index > 0 ? scalars[index - 1] : nil
            let after = index + 1 < scalars.count ? scalars[index + 1] : nil
            append(scalars[index], before: before, after: after, rest: scalars[index...], to: &out)
            index += 1
        }
        return String(out)
    }

    /// A paragraph whose first characters would make it a heading, rule or fence gets a backslash before them.
    ///
    /// Lists and `>` quotes stay: that is what their writers meant.
    static func guardedStart(_ paragraph: String) -> String {
        let body = paragraph.utf8
        let isRule = body.count >= 3 && body.allSatisfy { " -_*=".utf8.contains($0) }
        let afterHashes = paragraph.drop { $0 == "#" }
        let isHeading = paragraph.first == "#" && (afterHashes.isEmpty || afterHashes.first == " ")
        return isRule || isHeading || paragraph.hasPrefix("~~~") ? "\\" + paragraph : paragraph
    }

    private static func append(
        _ scalar: Unicode.Scalar,
        before: Unicode.Scalar?,
        after: Unicode.Scalar?,
        rest: ArraySlice<Unicode.Scalar>,
        to out: inout String.UnicodeScalarView
    ) {
        switch scalar {
        case "<":
            // Followed by a space or a digit it can begin neither a tag nor an autolink.
            out.append(contentsOf: (isSpace(after) && after != nil || isDigit(after) ? "<" : "&lt;").unicodeScalars)
        case "&":
            out.append(contentsOf: (looksLikeReference(rest) ? "&amp;" : "&").unicodeScalars)
        default:
            if isMarkup(scalar, before, after) { out.append("\\") }
            out.append(scalar)
        }
    }

    private static func isMarkup(_ scalar: Unicode.Scalar, _ before: Unicode.Scalar?, _ after: Unicode.Scalar?) -> Bool
    {
        switch scalar {
        case "`": true
        case "*": !(isSpace(before) && isSpace(after))
        case "_": !(isWord(before) && isWord(after))
        case "~": !isSpace(before) || after == "~"
        case "]": after == nil || after == "(" || after == ":"
        case "\\": after.map { $0.isASCII && !isWord($0) && !isSpace($0) } ?? true
        default: false
        }
    }

    /// Where a bare `http://` or `https://` address that begins here ends.
    private static func addressEnd(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
        guard scalars[start] == "h", start == 0 || !isWord(scalars[start - 1]) else { return nil }
        for scheme in ["https://", "http://"] {
            let wanted = Array(scheme.unicodeScalars)
            guard start + wanted.count < scalars.count,
                scalars[start..<start + wanted.count].elementsEqual(wanted)
            else { continue }
            var end = start + wanted.count
            while end < scalars.count, Address.isPlain(scalars[end]) { end += 1 }
            return end > start + wanted.count ? end : nil
        }
        return nil
    }

    /// Whether a renderer could take `&...;` for one character.
    private static func looksLikeReference(_ rest: ArraySlice<Unicode.Scalar>) -> Bool {
        let body = rest.dropFirst().prefix(33)
        guard let semicolon = body.firstIndex(of: ";"), semicolon > body.startIndex else { return false }
        let name = body[..<semicolon]
        guard name.first == "#" else { return name.allSatisfy { $0.isASCII && isWord($0) } }
        let isHex = name.dropFirst().first == "x" || name.dropFirst().first == "X"
        let digits = name.dropFirst(isHex ? 2 : 1)
        return !digits.isEmpty && digits.allSatisfy { isDigit($0) || isHex && Character($0).isHexDigit }
    }

    private static func isSpace(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map(\.properties.isWhitespace) ?? true
    }

    private static func isDigit(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { ("0"..."9").contains($0) } ?? false
    }

    private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { $0.properties.isAlphabetic || $0.properties.numericType != nil } ?? false
    }
}
