import HiveModel
import HivePorts
import HiveSync

/// Settings that several decided without knowing of each other.
enum ConflictReads {
    static func conflicts(inGroup id: String, _ reader: Reader) throws -> [SettingConflict] {
        guard let group = GroupID(id), let number = try GroupReads.number(of: group, reader) else {
            throw HiveError(.notFound, "There is no group \(id) here.")
        }
        let settings = try GroupReads.settings(number, reader)
        guard !settings.isEmpty else { return [] }
        let acts = try GroupEvents(group: number, id: group, reader).acts(.setting)
        let byID = Dictionary(acts.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var standing: [SettingConflict] = []
        var resolved: [SettingConflict] = []
        for setting in settings {
            if setting.heads.count > 1, let winner = try head(byID[setting.event], reader) {
                let others = setting.heads.filter { $0 != setting.event }
                let losers = try others.compactMap { try head(byID[$0], reader) }
                standing.append(SettingConflict(key: setting.key, winner: winner, losers: losers))
            }
            resolved += try past(setting, byID, reader)
        }
        resolved.sort { ($0.resolvedBy?.atMs ?? 0, $0.key) > ($1.resolvedBy?.atMs ?? 0, $1.key) }
        return standing + resolved
    }

    /// What was decided twice before what counts now: every decision that this goes back to and that replaced several
    /// at once, which its writer named in winning order.
    private static func past(
        _ setting: SettingRow,
        _ acts: [EventID: Event],
        _ reader: Reader
    ) throws -> [SettingConflict] {
        var conflicts: [SettingConflict] = []
        var waiting = setting.heads.isEmpty ? [setting.event] : setting.heads
        var seen = Set(waiting)
        while let id = waiting.popLast() {
            guard let act = acts[id] else { continue }
            let replaced = act.header.refs.par.filter { isAct(acts[$0], of: setting.key) }
            waiting += replaced.filter { seen.insert($0).inserted }
            let heads = try replaced.compactMap { try head(acts[$0], reader) }
            guard heads.count > 1, let winner = heads.first, let later = try head(act, reader) else { continue }
            let losers = Array(heads.dropFirst())
            conflicts.append(SettingConflict(key: setting.key, winner: winner, losers: losers, resolvedBy: later))
        }
        return conflicts
    }

    private static func isAct(_ event: Event?, of key: String) -> Bool {
        guard let event, case .hiveSettingChanged(let said) = EventPayload(of: event) else { return false }
        return said.key.utf8.elementsEqual(key.utf8)
    }

    private static func head(_ event: Event?, _ reader: Reader) throws -> SettingConflict.Head? {
        guard let event, case .hiveSettingChanged(let said) = EventPayload(of: event),
            let by = try AgentReads.agent(said.by.key, reader)
        else { return nil }
        return SettingConflict.Head(
            eventID: event.id.rawValue,
            valueJSON: String(decoding: said.value.canonicalBytes(), as: UTF8.self),
            by: by,
            atMs: event.header.stamp.time.ms
        )
    }
}
