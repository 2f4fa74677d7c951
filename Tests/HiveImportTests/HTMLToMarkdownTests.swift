import HiveImport
import Testing

@Suite("HTML to Markdown")
struct HTMLToMarkdownTests {
    @Test(
        "Each piece of Hacker News' HTML becomes its Markdown",
        arguments: [
            ("plain", "plain"),
            ("one<p>two<p>three", "one\n\ntwo\n\nthree"),
            ("<p>one</p><p>two</p>", "one\n\ntwo"),
            ("a <i>b</i> c", "a *b* c"),
            ("a <b>b</b> c", "a **b** c"),
            ("a<i> b </i>c", "a *b* c"),
            ("<i><i>twice</i></i>", "*twice*"),
            ("<i>open", "*open*"),
            ("<i>one<p>two", "*one*\n\ntwo"),
            ("stray</i> end", "stray end"),
            ("use <code>a_b*c</code> here", "use `a_b*c` here"),
            ("<code>a ` b</code>", "``a ` b``"),
            ("<pre><code>  if a < b:\n    go()\n</code></pre>after", "```\n  if a < b:\n    go()\n```\n\nafter"),
            ("x<p><pre><code>```\n</code></pre>", "x\n\n````\n```\n````"),
            ("<a href=\"https://a.b/c\">there</a>", "[there](https://a.b/c)"),
            (
                "<a href=\"https:&#x2F;&#x2F;a.b&#x2F;c\" rel=\"nofollow\">https:&#x2F;&#x2F;a.b&#x2F;c</a>",
                "https://a.b/c"
            ),
            ("<a href=\"https://a.b/long/path\">https://a.b/lo...</a>", "https://a.b/long/path"),
            ("<a href=\"https://a.b/(x)\">x [1]</a>", "[x \\[1\\]](https://a.b/%28x%29)"),
            ("<a href='javascript:alert(1)'>click</a>", "click"),
            ("<a name=x>anchor</a>", "anchor"),
            ("one<br>two", "one\n\ntwo"),
            ("a\n  b\tc", "a b c"),
            ("", ""),
            (" <p> <p> ", ""),
        ]
    )
    func pieces(html: String, markdown: String) {
        #expect(HTMLToMarkdown.convert(html) == markdown)
    }

    @Test(
        "Entities are decoded by name and number",
        arguments: [
            ("&quot;it&#x27;s&quot;", "\"it's\""),
            ("&#39;a&#X2f;b", "'a/b"),
            ("&eacute;t&eacute; &mdash; &hellip;", "été — …"),
            ("&#128512;", "😀"),
            ("a&#0;b&#xD800;c&#x110000;d&#99999999;", "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}"),
            ("a&#7;b", "ab"),
            ("AT&T & co; &; &#; &#x; &#xZZ;", "AT&T & co; &; &#; &#x; &#xZZ;"),
            ("&unknown; stays", "&amp;unknown; stays"),
            ("&amp;lt;", "&amp;lt;"),
        ]
    )
    func entities(html: String, markdown: String) {
        #expect(HTMLToMarkdown.convert(html) == markdown)
    }

    @Test(
        "No raw HTML comes through",
        arguments: [
            ("<script>alert(1)</script>", "alert(1)"),
            ("<img src=x onerror=alert(1)>text", "text"),
            ("&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;script>alert(1)&lt;/script>"),
            ("<scr<b>ipt>", "ipt>"),
            ("&lt;<b></b>script&gt;", "&lt;script>"),
            ("a <!-- hidden <b> --> b", "a b"),
            ("a <!-- never closed", "a &lt;!-- never closed"),
            ("<div onclick='x>y'>in</div>", "in"),
            ("<unclosed tag", "&lt;unclosed tag"),
            ("a < b and b <3 c", "a < b and b <3 c"),
            ("<a href=\"https://a.b/\" onclick=\"x\"><img src=y>go</a>", "[go](https://a.b/)"),
            ("<a href=\"https://a.b/&lt;script&gt;\">t</a>", "[t](https://a.b/%3Cscript%3E)"),
        ]
    )
    func noRawHTML(html: String, markdown: String) {
        #expect(HTMLToMarkdown.convert(html) == markdown)
    }

    @Test(
        "Text that looks like markup shows as what it is",
        arguments: [
            ("2*3*4 and a * b", "2\\*3\\*4 and a * b"),
            ("snake_case and _init_", "snake_case and \\_init\\_"),
            ("`tick`", "\\`tick\\`"),
            ("[text](https://evil.example)", "[text\\](https://evil.example)"),
            ("[1] https://a.b/_x_*", "[1] https://a.b/_x_\\*"),
            ("# no heading", "\\# no heading"),
            ("#hashtag", "#hashtag"),
            ("a<p>---", "a\n\n\\---"),
            ("~~gone~~", "\\~\\~gone\\~\\~"),
            ("about ~20 people", "about ~20 people"),
            ("C:\\dir\\*", "C:\\dir\\\\\\*"),
            ("&gt; a quote stays", "> a quote stays"),
        ]
    )
    func escapes(html: String, markdown: String) {
        #expect(HTMLToMarkdown.convert(html) == markdown)
    }

    @Test("Hostile input takes linear time and ends")
    func hostile() {
        for piece in ["<", "<a", "<!--", "&", "<i>", "</p>", "<a href='", "]("] {
            let html = String(repeating: piece, count: 5_000)
            #expect(!HTMLToMarkdown.convert(html).contains("<a"))
        }
    }

    @Test("Titles are plain text with their entities decoded")
    func titles() {
        #expect(HTMLToMarkdown.plainTitle("  AT&T &amp; <b>\n it&#x27;s ") == "AT&T & <b> it's")
        #expect(HTMLToMarkdown.plainTitle(" \u{0} ").isEmpty)
    }
}
