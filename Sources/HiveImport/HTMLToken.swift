/// One piece of an HTML fragment.
enum HTMLToken: Equatable {
    /// Text with its entities decoded.
    case text(String)
    /// A start tag: its lower-case name and the `href` it carries.
    case open(name: String, href: String?)
    /// An end tag with its lower-case name.
    case close(name: String)
}
