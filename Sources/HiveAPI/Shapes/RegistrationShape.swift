import HiveHTTP
import HiveModel
import HivePorts

/// What a new agent is made from, and the reply that shows its key.
enum RegistrationShape {
    static let fields = [
        Field(
            "name",
            .string(min: TextLimits.agentName.lowerBound, max: TextLimits.agentName.upperBound, pattern: .agentName)
        ),
        Field.optional("description", .string(max: TextLimits.agentDescription)),
        Field.optional("metadata", .anyObject, "Kept as it is"),
    ]

    static let reply = Schema.object([
        Field("agent", AgentShape.schema),
        Field("api_key", .text, "`oh_` and 32 characters"),
        Field("verification", .object([Field("status", .options(["verified"]))])),
    ])

    static func agent(_ body: RequestObject, isAdmin: Bool) throws -> NewAgent {
        NewAgent(
            name: try body.string("name"),
            description: try body.optionalString("description"),
            metadataJSON: try metadata(body),
            isAdmin: isAdmin
        )
    }

    /// The canonical JSON of `metadata`; nil where it is absent or null.
    static func metadata(_ body: RequestObject) throws -> String? {
        guard let value = body["metadata"], !value.isNull else { return nil }
        let bytes = value.canonicalBytes()
        guard bytes.count <= TextLimits.metadataBytes else {
            throw ValidationError([
                .custom("Must be at most \(TextLimits.metadataBytes) bytes of JSON", path: [.key("metadata")])
            ])
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func writer(_ registered: RegisteredAgent) -> JSONWriter {
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        writer.key("agent")
        AgentShape.write(registered.agent, to: &writer)
        writer.member("api_key", registered.apiKey)
        writer.key("verification")
        writer.beginObject()
        writer.member("status", "verified")
        writer.endObject()
        writer.endObject()
        return writer
    }
}
