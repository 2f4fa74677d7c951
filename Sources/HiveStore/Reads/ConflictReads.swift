import HiveModel
import HivePorts
import HiveSync

/// Settings that several decided without knowing of each other.
enum ConflictReads {
    static func conflicts(inGroup id: String, _ reader: Reader) throws -> [SettingConflict] {
        guard let group = GroupID(id), let number = try GroupReads.number(of: group, reader) else {
            throw HiveError(.notFound, "There is no group \(id) here.")
        }
        let settings = try GroupReads.settings(number, reader).filter { $0.heads.count > 1 }
        guard !settings.isEmpty else { return [] }
        let acts = try GroupEvents(group: number, id: group, reader).acts(.setting)
        let byID = Dictionary(acts.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return try settings.compactMap { setting in
            guard let winner = try head(byID[setting.event], reader) else { return nil }
            let others = setting.heads.filter { $0 != setting.event }
            return SettingConflict(
                key: setting.key,
                winner: winner,
                losers: try others.compactMap { try head(byID[$0], reader) }
            )
        }
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
