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
        // By offset (RFC 3493: 4 bytes at 4, 16 bytes at 8): which module defines the members differs with what is
        // imported.
        let bytes = UnsafeRawBufferPointer(start: socket, count: Int(entry.ai_addrlen))
        switch entry.ai_family {
        case AF_INET where bytes.count >= 8:
            return OutgoingAddress(bytes: Array(bytes[4..<8]))
        case AF_INET6 where bytes.count >= 24:
            return OutgoingAddress(bytes: Array(bytes[8..<24]))
        default:
            return nil
        }
    }
}
