/// Builds Markdown from HTML tokens: blocks separated by blank lines, inline markup closed at the end of each block.
struct MarkdownBuilder {
    private enum Kind: Equatable {
        case base
        case emphasis(marker: String)
        case link(String)
        case code
    }

    /// An open inline element and what it holds so far.
    private struct Frame {
        var kind: Kind
        /// The tag that closes it.
        var tag: String
        /// Markdown, or raw text inside code.
        var text = ""
        /// The same without markup, to tell links whose text is their address.
        var plain = ""
    }

    /// Inline elements open at once, at most.
    private static let depthMax = 32

    private var blocks: [String] = []
    private var frames = [Frame(kind: .base, tag: "")]
    /// Raw text of the preformatted block being read; nil outside.
    private var preformatted: String?

    mutating func take(_ token: HTMLToken) {
        switch token {
        case .text(let text): append(text)
        case .open(let name, let href): open(name, href)
        case .close(let name): close(name)
        }
    }

    mutating func finish() -> String {
        if preformatted != nil { endPreformatted() }
        endParagraph()
        return blocks.joined(separator: "\n\n")
    }

    private mutating func open(_ name: String, _ href: String?) {
        if preformatted != nil {
            guard name == "p" || name == "pre" else { return }
            endPreformatted()
        }
        switch name {
        case "i", "em": push(.emphasis(marker: "*"), name)
        case "b", "strong": push(.emphasis(marker: "**"), name)
        case "code", "tt": push(.code, name)
        case "a":
            guard let address = href.flatMap({ Address.checked($0, allowingMail: true) }) else { return }
            push(.link(address), name)
        case "pre":
            endParagraph()
            preformatted = ""
        default:
            if Self.breaksParagraph(name) { endParagraph() }
        }
    }

    private mutating func close(_ name: String) {
        if preformatted != nil {
            if name == "pre" { endPreformatted() }
            return
        }
        if let index = frames.lastIndex(where: { $0.tag == name }), index > 0 {
            while frames.count > index { pop() }
        } else if Self.breaksParagraph(name) {
            endParagraph()
        }
    }

    /// Elements of one kind do not nest: `<i><i>` would read as bold.
    ///
    /// What is nested too deep stays plain.
    private mutating func push(_ kind: Kind, _ tag: String) {
        guard frames.count < Self.depthMax else { return }
        let isNested = frames.contains { frame in
            switch (frame.kind, kind) {
            case (.link, .link), (.code, _): true
            default: frame.kind == kind
            }
        }
        frames.append(Frame(kind: isNested ? .base : kind, tag: tag))
    }

    private mutating func append(_ text: String) {
        if preformatted != nil {
            preformatted?.append(text)
            return
        }
        let last = frames.count - 1
        if frames.contains(where: { $0.kind == .code }) {
            frames[last].text += text
            frames[last].plain += text
            return
        }
        let collapsed = Self.collapsed(text)
        frames[last].text += MarkdownText.escaped(collapsed)
        frames[last].plain += collapsed
    }

    /// Closes the innermost element and hands its Markdown to the one around it.
    private mutating func pop() {
        guard frames.count > 1 else { return }
        let frame = frames.removeLast()
        let last = frames.count - 1
        frames[last].plain += frame.plain
        switch frame.kind {
        case .base: frames[last].text += frame.text
        case .emphasis(let marker): frames[last].text += Self.wrapped(frame.text, in: marker)
        case .code: frames[last].text += Self.codeSpan(frame.text)
        case .link(let address): frames[last].text += Self.link(frame.text, plain: frame.plain, to: address)
        }
    }

    private mutating func endParagraph() {
        while frames.count > 1 { pop() }
        let text = Self.trimmed(Self.collapsed(frames[0].text))
        frames = [Frame(kind: .base, tag: "")]
        if !text.isEmpty { blocks.append(MarkdownText.guardedStart(text)) }
    }

    private mutating func endPreformatted() {
        let lines = (preformatted ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        preformatted = nil
        let body = lines.trimmingEnds { $0.allSatisfy(\.isWhitespace) }
        guard !body.isEmpty else { return }
        let text = body.joined(separator: "\n")
        let fence = String(repeating: "`", count: max(3, Self.longestBacktickRun(text) + 1))
        blocks.append(fence + "\n" + text + "\n" + fence)
    }

    private static func breaksParagraph(_ name: String) -> Bool {
        switch name {
        case "p", "br", "div", "li", "ul", "ol", "dl", "dt", "dd", "blockquote", "table", "tr", "hr", "section",
            "article", "h1", "h2", "h3", "h4", "h5", "h6", "pre":
            true
        default: false
        }
    }

    /// Spaces inside the markers would stop them from being emphasis: they move outside.
    private static func wrapped(_ text: String, in marker: String) -> String {
        let body = trimmed(text)
        guard !body.isEmpty else { return text }
        let lead = text.first == " " ? " " : ""
        let trail = text.last == " " ? " " : ""
        return lead + marker + body + marker + trail
    }

    private static func codeSpan(_ raw: String) -> String {
        let text = trimmed(collapsed(raw))
        guard !text.isEmpty else { return raw.isEmpty ? "" : " " }
        let ticks = String(repeating: "`", count: longestBacktickRun(text) + 1)
        let pad = text.hasPrefix("`") || text.hasSuffix("`") ? " " : ""
        return ticks + pad + text + pad + ticks
    }

    /// Bare where the text is the address (or the address cut with dots, as Hacker News shows long ones).
    private static func link(_ text: String, plain: String, to address: String) -> String {
        let label = trimmed(plain)
        let isCut = label.hasSuffix("...") && label.count > 10 && address.hasPrefix(label.dropLast(3))
        if label.isEmpty || label == address || isCut {
            return Address.isBareSafe(address)
                ? address
                : "[" + bracketed(MarkdownText.escaped(address)) + "](" + Address.linkDestination(address) + ")"
        }
        return "[" + bracketed(trimmed(text)) + "](" + Address.linkDestination(address) + ")"
    }

    /// Brackets inside a link's text are escaped, once.
    private static func bracketed(_ text: String) -> String {
        var out = ""
        var isEscaped = false
        for character in text {
            if (character == "[" || character == "]") && !isEscaped { out.append("\\") }
            isEscaped = character == "\\" && !isEscaped
            out.append(character)
        }
        return out
    }

    private static func longestBacktickRun(_ text: String) -> Int {
        var longest = 0
        var run = 0
        for byte in text.utf8 {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }

    private static func trimmed(_ text: String) -> String {
        String(Array(text).trimmingEnds { $0.isWhitespace })
    }

    /// Every run of white space becomes one space, as a browser shows it.
    private static func collapsed(_ text: String) -> String {
        var out = ""
        var wasSpace = false
        for character in text {
            let isSpace = character.isWhitespace && character != "\u{A0}"
            if !isSpace { out.append(character) } else if !wasSpace { out.append(" ") }
            wasSpace = isSpace
        }
        return out
    }
}

extension Array {
    /// Without the elements at both ends that match.
    func trimmingEnds(while matches: (Element) -> Bool) -> ArraySlice<Element> {
        guard let first = firstIndex(where: { !matches($0) }), let last = lastIndex(where: { !matches($0) }) else {
            return []
        }
        return self[first...last]
    }
}
