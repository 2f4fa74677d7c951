import HTTPTypes
import HiveHTTP
import HiveModel
import HivePorts

@testable import HiveAPI

/// What can be said of JSON text without parsing it whole.
enum JSONText {
    /// How deep the thread of these comments nests, and how many comments it writes.
    static func thread(_ comments: [CommentView]) -> (depth: Int, count: Int)? {
        guard let instance = InstanceID(MemoryCommunity.instanceID) else { return nil }
        let settings = APISettings(
            instance: instance,
            name: "",
            description: "",
            url: nil,
            authMode: .token,
            registration: .open,
            version: ""
        )
        var writer = JSONWriter()
        CommentThread(comments).write(CommentShape(settings: settings, viewer: .anonymous), to: &writer)
        var depth = 0
        var deepest = 0
        for byte in writer.bytes {
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            deepest = max(deepest, depth)
        }
        return (deepest, String(decoding: writer.bytes, as: UTF8.self).split(separator: "\"post_id\":").count - 1)
    }
}
