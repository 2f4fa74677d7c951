import Glibc
import NIOPosix

/// Host names to addresses, off the cooperative threads: the system's resolver blocks.
public enum OutgoingResolver {
    /// All addresses of `host` in the system's order, each once; an address stands for itself.
    public static func addresses(of host: String) async throws(OutgoingError) -> [OutgoingAddress] {
        if let literal = OutgoingAddress(host) { return [literal] }
        let found: [OutgoingAddress]
        do {
            found = try await NIOThreadPool.singleton.runIfActive { lookUp(host) }
        } catch {
            throw OutgoingError(.cancelled, "this instance is stopping")
        }
        guard !found.isEmpty else {
            throw OutgoingError(.name, "the host name \(host) does not resolve: check its spelling and your DNS")
        }
        return found
    }

    private static func lookUp(_ host: String) -> [OutgoingAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [OutgoingAddress] = []
        var next = list
        while let entry = next?.pointee {
            if let address = address(of: entry), !found.contains(address) { found.append(address) }
            next = entry.ai_next
        }
        return found
    }

    private static func address(of entry: addrinfo) -> OutgoingAddress? {
        guard let socket = entry.ai_addr else { return nil }
        switch entry.ai_family {
        case AF_INET:
            return socket.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { v4 in
                OutgoingAddress(bytes: withUnsafeBytes(of: v4.pointee.sin_addr) { Array($0) })
            }
        case AF_INET6:
            return socket.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { v6 in
                OutgoingAddress(bytes: withUnsafeBytes(of: v6.pointee.sin6_addr) { Array($0) })
            }
        default:
            return nil
        }
    }
}
