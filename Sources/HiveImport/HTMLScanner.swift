/// Cuts an HTML fragment into tags and text.
///
/// Never fails: what is no tag is text, as in a browser.
///
/// Linear in the length of the input: a tag is at most `tagLengthMax` scalars long, a longer one is text.
struct HTMLScanner {
    static let tagLengthMax = 4_096

    private let scalars: [Unicode.Scalar]
    private var index = 0
    /// Where the search for a comment's end has failed once it fails for all later ones.
    private var hasNoMoreComments = false
    /// The index of the last `>`: behind it nothing can be a tag.
    private let lastTagEnd: Int

    init(_ html: String) {
        scalars = Array(html.unicodeScalars)
        lastTagEnd = scalars.lastIndex(of: ">") ?? -1
    }

    mutating func next() -> HTMLToken? {
        var text = String.UnicodeScalarView()
        while index < scalars.count {
            let scalar = scalars[index]
            if scalar == "<" {
                let start = index
                if skipComment() { continue }
                if let tag = readTag() {
                    guard text.isEmpty else {
                        index = start
                        return .text(String(text))
                    }
                    return tag
                }
                text.append("<")
                index = start + 1
            } else if scalar == "&", let (decoded, end) = HTMLEntities.decode(scalars, at: index) {
                text.append(contentsOf: decoded.unicodeScalars)
                index = end
            } else {
                index += 1
                if Self.isPrintable(scalar) { text.append(scalar) }
            }
        }
        return text.isEmpty ? nil : .text(String(text))
    }

    /// Control characters other than tab and newline say nothing in text and are left out.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) || scalar == "\n" || scalar == "\t"
    }

    private mutating func skipComment() -> Bool {
        guard !hasNoMoreComments, matches("<!--", at: index) else { return false }
        var end = index + 4
        while end + 2 < scalars.count {
            if scalars[end] == "-", matches("-->", at: end) {
                index = end + 3
                return true
            }
            end += 1
        }
        hasNoMoreComments = true
        return false
    }

    /// Reads `<name ...>`, `</name ...>` or a declaration (`<!...>`, `<?...>`: skipped as an unknown tag).
    private mutating func readTag() -> HTMLToken? {
        var cursor = index + 1
        guard cursor < lastTagEnd else { return nil }
        let isEnd = scalars[cursor] == "/"
        if isEnd { cursor += 1 }
        guard cursor < scalars.count, Self.beginsTag(scalars[cursor]) else { return nil }
        let nameStart = cursor
        while cursor < scalars.count, !Self.endsName(scalars[cursor]) { cursor += 1 }
        let name = Self.lowercased(scalars[nameStart..<cursor])
        guard let close = tagEnd(from: cursor) else { return nil }
        let href = isEnd ? nil : HTMLAttributes.href(in: scalars[cursor..<close])
        index = close + 1
        return isEnd ? .close(name: name) : .open(name: name, href: href)
    }

    /// The index of the `>` that ends a tag, outside quotes; nil within `tagLengthMax` scalars.
    private func tagEnd(from start: Int) -> Int? {
        var quote: Unicode.Scalar?
        let limit = min(scalars.count, start + Self.tagLengthMax)
        for cursor in start..<max(start, limit) {
            let scalar = scalars[cursor]
            if let open = quote {
                if scalar == open { quote = nil }
            } else if scalar == ">" {
                return cursor
            } else if scalar == "\"" || scalar == "'" {
                quote = scalar
            }
        }
        return nil
    }

    private func matches(_ pattern: String, at start: Int) -> Bool {
        let wanted = Array(pattern.unicodeScalars)
        return start + wanted.count <= scalars.count && scalars[start..<start + wanted.count].elementsEqual(wanted)
    }

    private static func beginsTag(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "!" || scalar == "?"
    }

    private static func endsName(_ scalar: Unicode.Scalar) -> Bool {
        scalar == ">" || scalar == "/" || scalar.properties.isWhitespace
    }

    static func lowercased(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view).lowercased()
    }
}
