/// Compares kept checkpoints with the log, as entries are read.
struct KeptVerifier {
    private var waiting: [(path: String, note: SignedNote, checkpoint: Checkpoint)] = []
    /// Those that cannot be read or are not signed by the log key.
    private(set) var broken: [(path: String, what: String)] = []

    private let policy: WitnessPolicy?
    /// The largest that holds and has what the policy asks for.
    private(set) var cosigned: (size: UInt64, cosigners: [Cosigner])?
    /// The largest that holds and has some cosignatures of the policy's witnesses, but too few.
    private(set) var halfCosigned: (size: UInt64, cosigners: [Cosigner])?
    /// What `compare` found to be cosigned.
    private(set) var newest: (size: UInt64, cosigners: [Cosigner])?

    /// - Parameters:
    ///   - older: that in the other place of `checkpoint`.
    ///   - policy: whose cosignatures count.
    init(on disk: any Disk, key: VerifierKey, older: SignedNote?, policy: WitnessPolicy? = nil) {
        self.policy = policy
        if let older { take(older, CheckpointFile.path, key) }
        for name in KeptCheckpoints.names(on: disk) where !name.hasSuffix(".new") {
            let path = "\(KeptCheckpoints.directory)/\(name)"
            let bytes = try? LogFile.contents(path, atMost: UInt64(SignedNote.longest), on: disk)
            take(bytes.flatMap { try? SignedNote(parsing: $0) }, path, key)
        }
        waiting.sort { $0.checkpoint.size < $1.checkpoint.size }
    }

    private mutating func take(_ note: SignedNote?, _ path: String, _ key: VerifierKey) {
        guard let note, let checkpoint = try? Checkpoint(parsing: note.text), note.isSigned(by: key),
            checkpoint.origin == key.name
        else {
            broken.append((path, "is no checkpoint that the key that was given has signed"))
            return
        }
        waiting.append((path, note, checkpoint))
    }

    /// After each entry.
    ///
    /// - Returns: what differs.
    mutating func compare(_ state: StoreState) -> [(path: String, what: String)] {
        var problems: [(path: String, what: String)] = []
        newest = nil
        while let next = waiting.first, next.checkpoint.size <= state.tree.size {
            waiting.removeFirst()
            guard next.checkpoint.size == state.tree.size, next.checkpoint.root == state.tree.root else {
                problems.append((next.path, "is of another log than the entries before entry \(next.checkpoint.size)"))
                continue
            }
            guard let text = state.handOver?.key, let epoch = VerifierKey(text), next.note.isSigned(by: epoch) else {
                problems.append((next.path, "is not signed by the key of epoch \(state.handOver?.epoch ?? 0)"))
                continue
            }
            guard let policy else { continue }
            problems += policy.misfits(of: next.note).map { (next.path, WitnessPolicy.misfit($0)) }
            let cosigners = policy.cosigners(of: next.note)
            guard !cosigners.isEmpty else { continue }
            newest = (next.checkpoint.size, cosigners)
            if policy.isMet(by: cosigners) {
                cosigned = (next.checkpoint.size, cosigners)
            } else {
                halfCosigned = (next.checkpoint.size, cosigners)
            }
        }
        return problems
    }

    /// Paths and sizes of those that cover more entries than there are, once all were read.
    var beyond: [(path: String, size: UInt64)] { waiting.map { ($0.path, $0.checkpoint.size) } }
}
