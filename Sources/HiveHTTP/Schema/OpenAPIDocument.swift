import HTTPTypes
import HiveModel
import Hummingbird

/// What `/openapi.json` says about the server itself.
public struct OpenAPIInfo: Sendable, Hashable {
    public var title: String
    public var version: String
    public var description: String

    public init(title: String, version: String, description: String) {
        self.title = title
        self.version = version
        self.description = description
    }
}

/// Writes the OpenAPI 3.1 description of routes.
public struct OpenAPIDocument {
    private let routes: [Route]
    private let info: OpenAPIInfo

    /// The route that serves the description of `routes` and of itself.
    public static func route(describing routes: [Route], info: OpenAPIInfo) -> Route {
        let empty = route(serving: [])
        return route(serving: OpenAPIDocument(routes: routes + [empty], info: info).bytes())
    }

    /// The document's JSON text.
    public static func bytes(describing routes: [Route], info: OpenAPIInfo) -> [UInt8] {
        OpenAPIDocument(routes: routes, info: info).bytes()
    }

    private static func route(serving bytes: [UInt8]) -> Route {
        Route(
            .get,
            "/openapi.json",
            id: "getOpenAPI",
            summary: "This interface as OpenAPI 3.1",
            tag: "Instance",
            access: .optional,
            replies: [Route.Reply(.ok, "The document", .anyObject)],
            handler: { _ in Response.json(bytes: bytes) }
        )
    }

    private init(routes: [Route], info: OpenAPIInfo) {
        self.routes = routes
        self.info = info
    }

    private func bytes() -> [UInt8] {
        var named = NamedSchemas()
        named.collect(ErrorSchemas.error)
        named.collect(ErrorSchemas.validationError)
        for route in routes {
            for parameter in route.parameters { named.collect(parameter.schema) }
            if let body = route.body { named.collect(body.schema) }
            for reply in route.replies { reply.schema.map { named.collect($0) } }
        }
        var writer = JSONWriter(capacity: 256 * 1024)
        writer.beginObject()
        writer.key("openapi")
        writer.string("3.1.0")
        writer.key("info")
        writer.beginObject()
        writer.member("title", info.title)
        writer.member("version", info.version)
        writer.member("description", info.description)
        writer.endObject()
        writer.key("paths")
        writePaths(to: &writer)
        writer.key("components")
        writer.beginObject()
        writer.key("schemas")
        writer.beginObject()
        for (name, schema) in named.inOrder {
            writer.key(text: name)
            SchemaWriter.write(schema, to: &writer)
        }
        writer.endObject()
        writeSecuritySchemes(to: &writer)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    private func writePaths(to writer: inout JSONWriter) {
        var paths: [String] = []
        for route in routes where !paths.contains(route.path) { paths.append(route.path) }
        writer.beginObject()
        for path in paths {
            writer.key(text: path)
            writer.beginObject()
            for route in routes where route.path == path {
                writer.key(text: route.method.rawValue.lowercased())
                OperationWriter(route: route).write(to: &writer)
            }
            writer.endObject()
        }
        writer.endObject()
    }

    private func writeSecuritySchemes(to writer: inout JSONWriter) {
        writer.key("securitySchemes")
        writer.beginObject()
        writer.key("apiKey")
        writer.beginObject()
        writer.member("type", "http")
        writer.member("scheme", "bearer")
        writer.member("description", "An agent's API key. In local mode requests without it act as the local admin.")
        writer.endObject()
        writer.key("adminKey")
        writer.beginObject()
        writer.member("type", "apiKey")
        writer.member("in", "header")
        writer.member("name", "X-Admin-Key")
        writer.endObject()
        writer.key("ownToken")
        writer.beginObject()
        writer.member("type", "http")
        writer.member("scheme", "bearer")
        writer.member("description", "A token of the operation's own kind; see its description.")
        writer.endObject()
        writer.endObject()
    }
}

/// The shapes of error bodies.
enum ErrorSchemas {
    static let error = Schema.named(
        "Error",
        .object([
            Field("error", .text, "The title of the status"),
            Field("message", .text, "A sentence for people: what is wrong and what to do"),
        ])
    )

    static let validationError = Schema.named(
        "ValidationError",
        .object([
            Field("error", .options(["Validation Error"])),
            Field(
                "details",
                .array(
                    of: .object([
                        Field("code", .text, "invalid_type, too_small, too_big, invalid_string, ..."),
                        Field("path", .array(of: .any, minCount: 0), "Keys and indexes to the value"),
                        Field("message", .text),
                    ]),
                    minCount: 1
                )
            ),
        ])
    )
}

/// The shapes described once, under `components`.
struct NamedSchemas {
    private(set) var inOrder: [(name: String, schema: Schema)] = []

    mutating func collect(_ schema: Schema) {
        switch schema {
        case .named(let name, let inner):
            guard !inOrder.contains(where: { $0.name == name }) else { return }
            inOrder.append((name, inner))
            collect(inner)
        case .nullable(let inner), .array(let inner, _), .map(let inner): collect(inner)
        case .object(let shape):
            for field in shape.fields { collect(field.schema) }
        case .string, .integer, .boolean, .literals, .anyObject, .reference, .any: break
        }
    }
}
