import Foundation
import HiveNode
import Testing

@Suite("The limit of open files")
struct OpenFileLimitTests {
    @Test("The soft limit becomes the hard one")
    func raised() {
        let raised = OpenFileLimit.raise()
        var limit = rlimit()
        #expect(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        #expect(limit.rlim_cur == limit.rlim_max)
        #expect(raised == UInt64(limit.rlim_max))
    }
}
