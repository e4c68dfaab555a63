import TapCore

/// The private keys of a store, below `keys/`: the log key, and the recovery key that may sign the next hand-over.
struct StoreKeys {
    let log: SigningKey
    private(set) var recovery: SigningKey
    private let disk: any Disk

    static let logPath = "keys/log"
    static let recoveryPath = "keys/recovery"
    /// A recovery key whose hand-over may not be in the log yet.
    static let nextPath = "keys/recovery.next"

    /// Of a new store.
    static func make(origin: String, on disk: any Disk) throws(DiskError) -> (log: SigningKey, recovery: SigningKey) {
        try disk.makePrivateDirectory("keys")
        let log = SigningKey.make(name: origin)
        let recovery = SigningKey.make(name: HandOverText.recoveryKeyName(origin, epoch: 1))
        try disk.replace(logPath, with: Array((log.text + "\n").utf8))
        try disk.replace(recoveryPath, with: Array((recovery.text + "\n").utf8))
        return (log, recovery)
    }

    /// Finds the keys that the log names.
    ///
    /// - Throws: one is not there or another one.
    init(log: String, recovery: String, on disk: any Disk) throws(StoreProblem) {
        self.disk = disk
        self.log = try StoreKeys.key(StoreKeys.logPath, expecting: log, on: disk)
        do throws(StoreProblem) {
            self.recovery = try StoreKeys.key(StoreKeys.recoveryPath, expecting: recovery, on: disk)
        } catch {
            // A cut came between the hand-over and the new key's name.
            guard let next = try? StoreKeys.key(StoreKeys.nextPath, expecting: recovery, on: disk) else { throw error }
            self.recovery = next
            try StoreProblem.catching { () throws(DiskError) in try settle() }
        }
    }

    private static func key(_ path: String, expecting: String, on disk: any Disk) throws(StoreProblem) -> SigningKey {
        let remedy =
            "the store can be verified and read, but nobody can go on with its log; record into a new store that names this one"
        let bytes = try StoreProblem.catching { () throws(DiskError) in try disk.contentsIfThere(path) }
        guard let bytes else { throw StoreProblem(path, "is not there", remedy) }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let key = SigningKey(String(text.prefix { $0 != "\n" })) else {
            throw StoreProblem(path, "is not a private key", remedy)
        }
        guard key.verifierKey.text == expecting else {
            throw StoreProblem(path, "is not the key that the log names: '\(key.verifierKey.text)'", remedy)
        }
        return key
    }

    /// A key for the hand-over after the next, on the medium before any entry names it.
    mutating func prepare(_ key: SigningKey) throws(DiskError) {
        recovery = key
        try disk.replace(StoreKeys.nextPath, with: Array((key.text + "\n").utf8))
    }

    /// The hand-over is in the log: the key before it goes. After an error another call goes on with it.
    func settle() throws(DiskError) {
        do throws(DiskError) { try disk.rename(StoreKeys.nextPath, to: StoreKeys.recoveryPath) } catch {
            guard error.errno == .notFound else { throw error }
        }
        try disk.syncDirectory("keys")
    }
}
