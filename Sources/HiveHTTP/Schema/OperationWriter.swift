import HTTPTypes
import HiveModel
import Hummingbird

/// Writes one route as an OpenAPI operation.
struct OperationWriter {
    let route: Route

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("operationId", route.operationID)
        writer.member("summary", route.summary)
        if let details = description { writer.member("description", details) }
        writer.key("tags")
        writer.beginArray()
        writer.string(route.tag)
        writer.endArray()
        writeSecurity(to: &writer)
        writeParameters(to: &writer)
        if let body = route.body { write(body, to: &writer) }
        writeResponses(to: &writer)
        writer.endObject()
    }

    private var description: String? {
        guard case .own(let how) = route.access else { return route.details }
        return route.details.map { $0 + "\n\n" + how } ?? how
    }

    private func writeSecurity(to writer: inout JSONWriter) {
        writer.key("security")
        writer.beginArray()
        let alternatives: [String?] =
            switch route.access {
            case .open: [nil]
            case .optional: [nil, "apiKey", "adminKey"]
            case .agent: ["apiKey"]
            case .admin: ["adminKey", "apiKey"]
            case .own: ["ownToken"]
            }
        for name in alternatives {
            writer.beginObject()
            if let name {
                writer.key(text: name)
                writer.beginArray()
                writer.endArray()
            }
            writer.endObject()
        }
        writer.endArray()
    }

    private func writeParameters(to writer: inout JSONWriter) {
        guard !route.parameters.isEmpty || route.acceptsIdempotencyKey else { return }
        writer.key("parameters")
        writer.beginArray()
        for parameter in route.parameters { write(parameter, to: &writer) }
        if route.acceptsIdempotencyKey {
            writer.beginObject()
            writer.member("name", "Idempotency-Key")
            writer.member("in", "header")
            writer.member("description", "A repeat with the same key and body within 24 hours gets the first reply.")
            writer.key("schema")
            SchemaWriter.write(.string(min: 1, max: OncePerKey.keyLengthMax), to: &writer)
            writer.endObject()
        }
        writer.endArray()
    }

    private func write(_ parameter: Route.Parameter, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", parameter.name)
        writer.member("in", parameter.place.rawValue)
        let suffix = parameter.defaultText.map { " Default: \($0)." } ?? ""
        writer.member("description", parameter.summary + suffix)
        if parameter.isRequired {
            writer.key("required")
            writer.bool(true)
        }
        writer.key("schema")
        SchemaWriter.write(parameter.schema, to: &writer)
        writer.endObject()
    }

    private func write(_ body: Route.Body, to writer: inout JSONWriter) {
        writer.key("requestBody")
        writer.beginObject()
        writer.key("required")
        writer.bool(body.isRequired)
        writer.key("content")
        writeContent("application/json", [body.schema], to: &writer)
        writer.endObject()
    }

    private func writeResponses(to writer: inout JSONWriter) {
        writer.key("responses")
        writer.beginObject()
        for reply in route.replies {
            writer.key(text: String(reply.status.code))
            writer.beginObject()
            writer.member("description", reply.summary)
            writeRateHeaders(to: &writer)
            if let schema = reply.schema {
                writer.key("content")
                writeContent(reply.contentType, [schema], to: &writer)
            }
            writer.endObject()
        }
        for failure in route.allErrors {
            writer.key(text: String(failure.status.code))
            writer.beginObject()
            writer.member("description", failure.summary)
            writeRateHeaders(to: &writer)
            let mayBeInvalid = failure.status == .badRequest && (route.body != nil || !route.parameters.isEmpty)
            writer.key("content")
            writeContent(
                "application/json",
                mayBeInvalid ? [ErrorSchemas.error, ErrorSchemas.validationError] : [ErrorSchemas.error],
                to: &writer
            )
            writer.endObject()
        }
        writer.endObject()
    }

    private func writeContent(_ type: String, _ alternatives: [Schema], to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key(text: type)
        writer.beginObject()
        writer.key("schema")
        if alternatives.count == 1 {
            SchemaWriter.write(alternatives[0], to: &writer)
        } else {
            writer.beginObject()
            writer.key("oneOf")
            writer.beginArray()
            for schema in alternatives { SchemaWriter.write(schema, to: &writer) }
            writer.endArray()
            writer.endObject()
        }
        writer.endObject()
        writer.endObject()
    }

    private func writeRateHeaders(to writer: inout JSONWriter) {
        guard route.counting != .none else { return }
        writer.key("headers")
        writer.beginObject()
        for (name, summary) in [
            ("x-ratelimit-limit", "Requests of this kind a minute; absent where none is set."),
            ("x-ratelimit-remaining", "How many are left."),
            ("x-ratelimit-reset", "Seconds until the count starts again."),
        ] {
            writer.key(text: name)
            writer.beginObject()
            writer.member("description", summary)
            writer.key("schema")
            SchemaWriter.write(.count, to: &writer)
            writer.endObject()
        }
        writer.endObject()
    }
}
