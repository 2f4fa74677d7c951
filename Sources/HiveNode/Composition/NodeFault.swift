import HivePorts
import NIOCore

/// Faults of starting, as sentences.
enum NodeFault {
    static func described(_ error: any Error, _ configuration: NodeConfiguration) -> any Error {
        guard let fault = error as? IOError else { return error }
        let place = "\(configuration.host):\(configuration.port)"
        switch fault.errnoCode {
        case 98:  // EADDRINUSE
            return HiveError(
                .conflict,
                "The address \(place) is taken: stop what listens there, or choose another with --port (0 = any free one)."
            )
        case 13:  // EACCES
            return HiveError(
                .forbidden,
                "This user may not listen on \(place): ports below 1024 need rights; choose another with --port."
            )
        case 99:  // EADDRNOTAVAIL
            return HiveError(.badRequest, "The host \(configuration.host) is no address of this machine: see --host.")
        default:
            return HiveError(.unavailable, "The server can't listen on \(place): \(fault).")
        }
    }
}
