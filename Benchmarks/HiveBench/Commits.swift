import Foundation
import HiveNode
import HivePorts

/// Posts written by many tasks at once through the node's mailbox, without HTTP: the storage seam.
enum Commits {
    static func measure(folder: String, submitters: Int, count: Int) async throws -> (perSecond: Double, p99Ms: Double)
    {
        let directory = DataDirectory(root: folder)
        _ = try await DataDirectory.initialize(InitializeOptions(directory: directory))
        let node = try await OfflineNode.open(dataDirectory: directory)
        guard let admin = try await node.reads.localAdmin() else {
            throw RawSQLite.Failure(message: "\(folder) has no local admin agent")
        }
        _ = try await node.writes.createHive(NewHive(name: "seam"), by: admin)
        let writes = node.writes
        var times: [Double] = []
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: [Double].self) { group in
            for submitter in 0..<submitters {
                group.addTask {
                    var times: [Double] = []
                    for number in 0..<count / submitters {
                        let began = ContinuousClock.now
                        let post = NewPost(
                            hive: "seam",
                            title: "Post \(number) of \(submitter)",
                            content: String(repeating: "words of a post ", count: 20),
                            url: nil
                        )
                        _ = try await writes.createPost(post, by: admin)
                        times.append(Yardsticks.milliseconds(since: began))
                    }
                    return times
                }
            }
            for try await part in group { times += part }
        }
        let seconds = Yardsticks.milliseconds(since: start) / 1_000
        await node.close()
        let sorted = times.sorted()
        return (Double(sorted.count) / seconds, sorted[sorted.count * 99 / 100])
    }
}
