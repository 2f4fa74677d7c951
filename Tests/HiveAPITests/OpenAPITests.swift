import HTTPTypes
import HiveAPI
import HiveModel
import HivePorts
import Hummingbird
import Testing

@testable import HiveHTTP

struct OpenAPITests {
    @Test("The document lists exactly the router's routes")
    func routes() async throws {
        let world = try World()
        let document = try #require(try await world.api.get("/openapi.json").json)
        #expect(document["openapi"]?.string == "3.1.0")
        let listed = (document["paths"]?.members ?? []).flatMap { path in
            (path.value.members ?? []).map { "\($0.key.uppercased()) \(path.key)" }
        }
        let routed = world.api.router.routes.map { "\($0.method.rawValue) \($0.path)" }
        #expect(Set(listed) == Set(routed))
        #expect(listed.count == routed.count)
        #expect(routed.contains("GET /openapi.json"))
        #expect(document == world.api.document)
    }

    @Test("Each operation has an id of its own, a summary, security, and its path's parameters")
    func operations() throws {
        let world = try World()
        var ids: Set<String> = []
        for route in world.api.router.routes {
            let operation = try #require(world.api.document["paths"]?[route.path]?[route.method.rawValue.lowercased()])
            let id = try #require(operation["operationId"]?.string)
            #expect(ids.insert(id).inserted, "\(id)")
            #expect(operation["summary"]?.string?.isEmpty == false)
            #expect(operation["security"]?.array?.isEmpty == false)
            let inPath = route.path.split(separator: "/").filter { $0.first == "{" }.map {
                String($0.dropFirst().dropLast())
            }
            let declared = (operation["parameters"]?.array ?? []).filter { $0["in"]?.string == "path" }
            #expect(declared.compactMap { $0["name"]?.string } == inPath)
            #expect(operation["responses"]?["500"] != nil)
            #expect((operation["requestBody"] != nil) == (route.body != nil))
            #expect((operation["responses"]?["413"] != nil) == (route.body != nil))
            #expect((operation["responses"]?["429"] != nil) == (route.counting != .none))
        }
    }

    @Test("Every reference points to a schema that is there, and every schema is referred to")
    func references() throws {
        let world = try World()
        var referred: Set<String> = []
        func walk(_ value: JSONValue) {
            if let reference = value["$ref"]?.string {
                referred.insert(String(reference.dropFirst("#/components/schemas/".count)))
            }
            for member in value.members ?? [] { walk(member.value) }
            for element in value.array ?? [] { walk(element) }
        }
        walk(world.api.document)
        let named = Set((world.api.document["components"]?["schemas"]?.members ?? []).map(\.key))
        #expect(referred == named)
    }

    @Test("Limits in the document are those that are enforced")
    func limits() throws {
        let world = try World()
        let body = world.api.document["paths"]?["/api/v1/posts"]?["post"]?["requestBody"]
        let properties = body?["content"]?["application/json"]?["schema"]?["properties"]
        #expect(properties?["title"]?["maxLength"]?.int == 300)
        #expect(properties?["content"]?["maxLength"]?.int == 40_000)
        #expect(properties?["url"]?["format"]?.string == "uri")
    }

    @Test("A route added to the router is described, checked and counted like any other")
    func addedRoute() async throws {
        let route = Route(
            .put,
            "/sync/v1/things/{id}",
            id: "putThing",
            summary: "A route of another shell",
            tag: "Test",
            access: .own("A token of its own."),
            counting: Route.Counting.none,
            parameters: [.path("id", "Which.")],
            body: Route.Body([Field("size", .integer(min: 1))], isRequired: false),
            replies: [Route.Reply(.ok, "Done", .object([Field("id", .text), Field("size", .count)]))],
            handler: { request in
                let body = try await request.body()
                var writer = JSONWriter()
                writer.beginObject()
                writer.member("id", try request.path("id"))
                writer.member("size", try body.optionalInteger("size") ?? 0)
                writer.endObject()
                return .json(writer)
            }
        )
        let world = try World(extraRoutes: [route])
        let reply = try await world.api.send(.put, "/sync/v1/things/a%20b", body: Array(#"{"size":3}"#.utf8))
        #expect(reply.status == 200)
        #expect(reply["id"]?.string == "a b")
        #expect(reply["size"]?.int == 3)
        #expect(try await world.api.send(.put, "/sync/v1/things/x").status == 200)
        #expect(try await world.api.send(.put, "/sync/v1/things/x", body: Array(#"{"size":0}"#.utf8)).status == 400)
        let operation = world.api.document["paths"]?["/sync/v1/things/{id}"]?["put"]
        #expect(operation?["description"]?.string == "A token of its own.")
    }
}
