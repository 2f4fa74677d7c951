/// Names the direction of a sealed token, so that neither sealing can stand for the other (protocol, section 7).
enum HandshakeLabel {
    /// The token the responder will present to the joiner.
    static let forResponder = "token-for-responder"
    /// The token the joiner will present to the responder.
    static let forJoiner = "token-for-joiner"
}
