/// The limits of the protocol (section 2).
///
/// They are rules of form: what exceeds one is malformed on every replica alike, except that too many successors or
/// cosignatures and a setting's key of another length make an event void.
public enum Limits {
    /// The version of events, `v`, that this program knows.
    public static let eventVersion: Int64 = 1
    /// Bytes of a payload's RFC 8785 form.
    public static let payloadBytesMax = 256 * 1024
    /// Bytes of a header's RFC 8785 form; bounds members this version does not know.
    public static let headerBytesMax = 64 * 1024
    /// UTF-8 bytes of an event type; it has at least one.
    public static let eventTypeBytesMax = 64
    /// Event ids in `refs.par`.
    public static let parentsMax = 16
    /// Identity keys that a genesis or a transfer may name as `successors`.
    public static let successorsMax = 32
    /// Signatures of successors under a transfer.
    public static let cosignaturesMax = 16
    /// UTF-8 bytes of a setting's key; it has at least one.
    public static let settingKeyBytesMax = 64
    /// Levels of arrays and objects in a payload, the payload itself being the first, and in an unknown member's value.
    public static let depthMax = 32
    /// Events in one batch.
    public static let batchEventsMax = 500
    /// Bytes of one batch's events in wire form; a sender always sends at least one whole run.
    public static let batchBytesMax = 4 * 1024 * 1024
    /// A signature is checked at least every so many events of a run.
    public static let runEventsMax = 64
    /// A signature is checked at least after so many bytes of a run.
    public static let runBytesMax = 1024 * 1024
    /// Bytes of a fork proof: two runs of headers and the event that opens their log.
    public static let proofBytesMax = 4 * 1024 * 1024
    public static let epochMax: Int64 = 1 << 32 - 1
    public static let seqMax: Int64 = 1 << 48 - 1
    /// The largest integer that every JSON implementation reads exactly: 2^53 - 1.
    public static let integerMax: Int64 = 1 << 53 - 1
}
