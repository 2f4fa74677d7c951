import Foundation

/// An address under which an instance's `/sync/v1` is reached.
enum SyncEndpoint {
    private static let suffix = "/sync/v1"

    /// Without slashes at the end and with `/sync/v1` where it is missing; nil unless http or https with a host and
    /// neither user, query nor fragment.
    static func normalized(_ text: String) -> String? {
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), let host = url.host(),
            scheme == "http" || scheme == "https", !host.isEmpty, url.user() == nil, url.query() == nil,
            url.fragment() == nil, text.utf8.count <= 2_000
        else { return nil }
        var trimmed = text
        while trimmed.last == "/" { trimmed.removeLast() }
        return trimmed.hasSuffix(suffix) ? trimmed : trimmed + suffix
    }
}
