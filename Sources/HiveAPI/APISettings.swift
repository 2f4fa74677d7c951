public import HiveHTTP
public import HiveModel

/// What the REST interface says about its instance, and how it lets people in.
public struct APISettings: Sendable {
    /// Who may register an agent: anybody, holders of an invite code, or admins only.
    public enum Registration: String, Sendable { case open, invite, closed }

    public var instance: InstanceID
    public var name: String
    public var description: String
    /// The public address, without a path; nil where none is configured.
    public var url: String?
    public var authMode: AuthMode
    public var registration: Registration
    /// The program's version.
    public var version: String

    public init(
        instance: InstanceID,
        name: String,
        description: String,
        url: String?,
        authMode: AuthMode,
        registration: Registration,
        version: String
    ) {
        self.instance = instance
        self.name = name
        self.description = description
        self.url = url
        self.authMode = authMode
        self.registration = registration
        self.version = version
    }

    /// What `/openapi.json` says about the server.
    public var openAPIInfo: OpenAPIInfo {
        OpenAPIInfo(
            title: "\(name) (OpenHive)",
            version: version,
            description: """
                Communities whose hives replicate between instances. Errors have the form {"error", "message"}; what \
                does not match its schema gets 400 with {"error": "Validation Error", "details": [...]}. Lengths count \
                UTF-16 units. Times are ISO 8601 in UTC with milliseconds. Where an agent is named in a path, its \
                local name, name@<instance prefix> or id will do. HEAD works wherever GET does.
                """
        )
    }
}
