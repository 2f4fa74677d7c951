import HivePorts

extension Route.Access {
    /// Throws 401 or 403 with a sentence unless what the headers proved is enough for this access.
    func check(_ identification: Identification) throws {
        let viewer = identification.caller.viewer
        switch self {
        case .open, .optional, .own: return
        case .agent:
            guard viewer.agent == nil else { return }
            if let problem = identification.problem { throw HiveError(.unauthorized, problem.sentence) }
            throw HiveError(.unauthorized, "The admin key alone names no agent: send an API key as well.")
        case .admin:
            guard !viewer.isAdmin else { return }
            if identification.adminKey == .wrong { throw HiveError(.unauthorized, "The admin key is wrong.") }
            if let problem = identification.problem { throw HiveError(.unauthorized, problem.sentence) }
            throw HiveError(.forbidden, "This needs admin rights: send the admin key or act as an admin agent.")
        }
    }
}

extension Identification.Problem {
    var sentence: String {
        switch self {
        case .noHeader: "This needs an API key: send the header 'Authorization: Bearer <key>'."
        case .notBearer: "The Authorization header must have the form 'Bearer <key>', with one space."
        case .unknownToken: "This API key is not known here."
        case .ingestKey: "This ingest key is not known here, or it has expired."
        case .foreignOrigin:
            "Local mode trusts only this machine's own pages and host names: send an API key, or use localhost."
        }
    }
}
