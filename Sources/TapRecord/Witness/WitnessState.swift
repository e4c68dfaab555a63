import TapCore

/// What a witness has cosigned, in a directory: `keys/witness`, the private key; `logs/HASH`, the last note of each log with its
/// cosignature, HASH the SHA-256 of its origin; `origins`, the logs that have such a file, so that one which was lost is missed.
struct WitnessState: Sendable {
    let key: CosigningKey
    private let disk: any Disk
    /// By hash of the origin.
    private var cosigned: [String: (size: UInt64, root: Digest)] = [:]
    private var origins: Set<String> = []

    private static let keyPath = "keys/witness"
    private static let originsPath = "origins"
    private static let directory = "logs"
    private static let lostRemedy =
        "what it cosigns of that log would say nothing of earlier: make a new witness, which has a new key"

    static func make(on disk: any Disk, name: String) throws(DiskError) -> String {
        try disk.makeRoot()
        try disk.makePrivateDirectory("keys")
        try disk.makeDirectory(directory)
        try disk.replace(originsPath, with: [])
        let key = CosigningKey.make(name: name)
        try disk.replace("vkey", with: Array((key.witnessKey.text + "\n").utf8))
        // Last: with it there is a witness.
        try disk.replace(keyPath, with: Array((key.text + "\n").utf8))
        return key.witnessKey.text
    }

    @discardableResult
    static func checkIsWitness(_ disk: any Disk) throws(StoreProblem) -> [UInt8] {
        let bytes = try StoreProblem.catching { () throws(DiskError) in try disk.contentsIfThere(keyPath) }
        guard let bytes else {
            throw StoreProblem("", "is no witness", "name a directory made by 'tap witness init'")
        }
        return bytes
    }

    init(_ disk: any Disk) throws(StoreProblem) {
        self.disk = disk
        let bytes = try WitnessState.checkIsWitness(disk)
        guard let key = CosigningKey(String(decoding: bytes, as: UTF8.self).prefix { $0 != "\n" }) else {
            throw StoreProblem(WitnessState.keyPath, "is not a private key", "make a new witness")
        }
        self.key = key
        let list = try StoreProblem.catching { () throws(DiskError) in
            try disk.contentsIfThere(WitnessState.originsPath)
        }
        guard let list else { throw StoreProblem(WitnessState.originsPath, "is not there", WitnessState.lostRemedy) }
        origins = Set(String(decoding: list, as: UTF8.self).split(separator: "\n").map(String.init))
        let names = try StoreProblem.catching { () throws(DiskError) in try disk.names(in: WitnessState.directory) }
        for name in names where !name.hasSuffix(".new") {
            let path = "\(WitnessState.directory)/\(name)"
            let bytes = try StoreProblem.catching { () throws(DiskError) in try disk.contents(path) }
            guard let note = try? SignedNote(parsing: bytes), let checkpoint = Checkpoint(extended: note.text),
                key.witnessKey.time(of: note) != nil, WitnessState.hash(checkpoint.origin) == name
            else { throw StoreProblem(path, "is not what this witness cosigned", WitnessState.lostRemedy) }
            cosigned[name] = (checkpoint.size, checkpoint.root)
        }
        if let lost = origins.subtracting(cosigned.keys).sorted().first {
            throw StoreProblem("\(WitnessState.directory)/\(lost)", "is not there", WitnessState.lostRemedy)
        }
    }

    static func hash(_ origin: String) -> String { Digest.of(Array(origin.utf8)).hex }

    /// What was cosigned last of a log; nil: nothing.
    func last(_ origin: String) -> (size: UInt64, root: Digest)? { cosigned[WitnessState.hash(origin)] }

    /// nil: nothing of that log was cosigned, or it cannot be read.
    func note(_ hash: String) -> [UInt8]? {
        guard cosigned[hash] != nil else { return nil }
        return try? disk.contents("\(WitnessState.directory)/\(hash)")
    }

    /// On the medium when this returns.
    mutating func put(_ note: SignedNote, _ checkpoint: Checkpoint) throws(DiskError) {
        let hash = WitnessState.hash(checkpoint.origin)
        try disk.replace("\(WitnessState.directory)/\(hash)", with: note.serialised)
        cosigned[hash] = (checkpoint.size, checkpoint.root)
        guard !origins.contains(hash) else { return }
        let all = origins.union([hash])
        try disk.replace(WitnessState.originsPath, with: Array(all.sorted().map { $0 + "\n" }.joined().utf8))
        origins = all
    }
}
