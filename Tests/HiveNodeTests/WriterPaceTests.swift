import Testing

@testable import HiveNode

@Suite struct WriterPaceTests {
    @Test("The budget follows the measured speed within its bounds, and is smaller beside local jobs")
    func budget() {
        var pace = WriterPace()
        for _ in 0..<30 { pace.committed(remoteEvents: 500, localJobs: 0, tookMs: 500) }
        #expect(pace.budget(besideLocalJobs: 0) == 35)
        #expect(pace.budget(besideLocalJobs: 1) == WriterPace.budgetMin)
        for _ in 0..<60 { pace.committed(remoteEvents: 500, localJobs: 0, tookMs: 5) }
        #expect(pace.budget(besideLocalJobs: 0) == WriterPace.budgetMax)
    }

    @Test("Savepoints are taken for a while after a job failed")
    func savepoints() {
        var pace = WriterPace()
        let atFirst = pace.takesSavepoints()
        #expect(!atFirst)
        pace.jobFailed()
        let turns = (0..<100).map { _ in pace.takesSavepoints() }
        #expect(turns.first == true)
        #expect(turns.last == false)
    }

    @Test("Tidying waits for a quiet moment, goes on while there is more, and rests when done")
    func patience() {
        var pace = WriterPace()
        #expect(pace.patienceMs == WriterPace.quietMs)
        pace.tidied(hasMore: true, nowMs: 0)
        #expect(pace.patienceMs == 0)
        pace.committed(remoteEvents: 0, localJobs: 1, tookMs: 1)
        #expect(pace.patienceMs == WriterPace.quietMs)
        pace.tidied(hasMore: false, nowMs: 0)
        #expect(pace.patienceMs == nil)
    }

    @Test("Without quiet moments local writes are searchable after two seconds, a backfill only late")
    func due() {
        var pace = WriterPace()
        pace.tidied(hasMore: false, nowMs: 0)
        pace.committed(remoteEvents: 0, localJobs: 1, tookMs: 1)
        #expect(!pace.isTidyDue(nowMs: 1_999, isReceivingMuch: true))
        #expect(pace.isTidyDue(nowMs: 2_000, isReceivingMuch: true))
        pace.tidied(hasMore: false, nowMs: 2_000)
        for _ in 0..<20 { pace.committed(remoteEvents: 1_000, localJobs: 0, tookMs: 20) }
        #expect(pace.isTidyDue(nowMs: 2_001, isReceivingMuch: false))
        #expect(!pace.isTidyDue(nowMs: 2_001, isReceivingMuch: true))
    }
}
