import HivePorts

extension SyncAdministrator {
    func alerts() -> [Alert] { local.alerts.all }

    func acknowledgeAlert(id: String) throws -> Alert { try local.alerts.acknowledge(id) }
}
