/// `kept_events`, `fork_proofs`, `log_terms`, `owner_transfers`, `poison_events`: what is held of logs and does not
/// stand, or is not folded.
enum KeptSQL {
    // MARK: Events aside

    /// Takes what lies beyond a place of a log aside; each names the event before it.
    static let keepCut = """
        INSERT INTO kept_events (log_n, origin_seq, event_type, verified, origin_ts, origin_lc, at_ts, at_lc,
            extra, prev, hash, payload_hash, refs, payload, signature)
        SELECT e.log_n, e.origin_seq, e.event_type, e.verified, e.origin_ts, e.origin_lc, e.at_ts, e.at_lc,
            e.extra, coalesce(e.prev, b.hash), e.hash, e.payload_hash, e.refs, e.payload, e.signature
        FROM hive_events e
        LEFT JOIN hive_events b ON b.log_n = e.log_n AND b.origin_seq = e.origin_seq - 1
        WHERE e.log_n = ? AND e.origin_seq > ?
        ON CONFLICT (log_n, origin_seq, hash) DO NOTHING
        """
    static let removeCut = "DELETE FROM hive_events WHERE log_n = ? AND origin_seq > ?"
    static let markVerified = "UPDATE hive_events SET verified = 1 WHERE log_n = ? AND origin_seq = ?"
    static let keep = """
        INSERT INTO kept_events (log_n, origin_seq, event_type, verified, origin_ts, origin_lc, at_ts, at_lc,
            extra, prev, hash, payload_hash, refs, payload, signature)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (log_n, origin_seq, hash) DO NOTHING
        """
    static let ofLog = """
        SELECT \(EventSQL.columns) FROM kept_events WHERE log_n = ? ORDER BY origin_seq, hash
        """
    static let isKept = "SELECT 1 FROM kept_events WHERE log_n = ? AND origin_seq = ? AND hash = ?"
    static let keptCount = """
        SELECT count(*) FROM kept_events k JOIN logs l ON l.n = k.log_n WHERE l.group_n = ? AND l.origin_n = ?
        """
    /// What standing events of a log refer to.
    static let refs = "SELECT refs FROM hive_events WHERE log_n = ? AND refs IS NOT NULL"
    static let forget = "DELETE FROM kept_events WHERE log_n = ? AND origin_seq = ? AND hash = ?"
    static let keptLogs = """
        SELECT DISTINCT k.log_n FROM kept_events k JOIN logs l ON l.n = k.log_n WHERE l.group_n = ?
        """

    // MARK: Poison

    static let poison = "SELECT origin_n, epoch, origin_seq, hash, reason FROM poison_events WHERE group_n = ?"
    static let putPoison = """
        INSERT INTO poison_events (group_n, origin_n, epoch, origin_seq, hash, reason) VALUES (?, ?, ?, ?, ?, ?)
        """
    static let clearPoison = "DELETE FROM poison_events WHERE group_n = ?"
    static let poisonCount = "SELECT count(*) FROM poison_events WHERE group_n = ?"
    static let forkCount = """
        SELECT count(*) FROM fork_proofs p JOIN logs l ON l.n = p.log_n WHERE l.group_n = ?
        """

    // MARK: Proofs, terms, transfers

    static let proofs = """
        SELECT p.log_n, p.proof FROM fork_proofs p JOIN logs l ON l.n = p.log_n
        WHERE l.group_n = ? ORDER BY l.epoch, p.origin_seq
        """
    /// Of all origins where the second parameter is null.
    static let proofsOf = """
        SELECT i.id, p.proof FROM fork_proofs p JOIN logs l ON l.n = p.log_n JOIN instances i ON i.n = l.origin_n
        WHERE l.group_n = ?1 AND (?2 IS NULL OR i.id = ?2) ORDER BY i.id, l.epoch
        """
    static let putProof = """
        INSERT INTO fork_proofs (log_n, origin_seq, proof) VALUES (?, ?, ?)
        ON CONFLICT (log_n) DO UPDATE SET origin_seq = excluded.origin_seq, proof = excluded.proof
        """
    static let removeProof = "DELETE FROM fork_proofs WHERE log_n = ?"

    static let terms = "SELECT origin_n, cut, end_epoch, end_seq, awaited FROM log_terms WHERE group_n = ?"
    static let cuts = """
        SELECT i.id, t.cut FROM log_terms t JOIN instances i ON i.n = t.origin_n
        WHERE t.group_n = ? AND t.cut IS NOT NULL
        """
    static let putTerms = """
        INSERT INTO log_terms (group_n, origin_n, cut, end_epoch, end_seq, awaited) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (group_n, origin_n) DO UPDATE SET cut = excluded.cut, end_epoch = excluded.end_epoch,
            end_seq = excluded.end_seq, awaited = excluded.awaited
        """

    static let transfers = """
        SELECT n, payload, signer_n, to_n, pin_epoch, pin_seq, pin_hash FROM owner_transfers
        WHERE group_n = ? ORDER BY n, payload
        """
    static let putTransfer = """
        INSERT INTO owner_transfers (group_n, n, payload, signer_n, to_n, pin_epoch, pin_seq, pin_hash)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (group_n, n, payload) DO NOTHING
        """
}
