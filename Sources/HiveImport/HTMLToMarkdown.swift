/// Turns the small HTML of Hacker News into Markdown: paragraphs, italics, bold, links and code.
///
/// Every other tag goes and its text stays. No raw HTML comes through: what looked like a tag in text is escaped.
public enum HTMLToMarkdown {
    /// Markdown of an HTML fragment; empty where it holds no text.
    ///
    /// Linear in the length of `html`.
    public static func convert(_ html: String) -> String {
        var scanner = HTMLScanner(html)
        var builder = MarkdownBuilder()
        while let token = scanner.next() { builder.take(token) }
        return builder.finish()
    }

    /// A title: entities decoded, whitespace collapsed, no markup interpreted.
    ///
    /// Titles are plain text everywhere.
    public static func plainTitle(_ title: String) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: HTMLEntities.decode(title).unicodeScalars.filter(HTMLScanner.isPrintable))
        return String(text).split { $0.isWhitespace }.joined(separator: " ")
    }
}
