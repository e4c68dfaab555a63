/// An epoch begins: the key that signs from here on, signed by one that was known before.
struct HandOverEntry: Sendable, Hashable {
    /// The key that signed it.
    enum By: UInt32, Sendable, Hashable, CaseIterable {
        /// The first epoch only.
        case logKey = 0
        /// Of the epoch that ends.
        case epochKey = 1
        /// That the last hand-over introduced: after a start.
        case recoveryKey = 2
    }

    /// From 1 on.
    var epoch: UInt64 = 0
    /// Entries before this one.
    var size: UInt64 = 0
    /// Of the tree of those.
    var root: [UInt8] = []
    /// Verifier key of the new epoch.
    var key = ""
    /// Verifier key that may sign the next hand-over if the epoch's is lost.
    var recoveryKey = ""
    var by = By.logKey
    /// Ed25519 over the text of hand-overs.
    var signature: [UInt8] = []
    var utc_ns: UInt64 = 0
    /// Of the file `state`; empty: there is none.
    var stateSHA256: [UInt8] = []
    /// To the medium since the store was made, in bytes.
    var writtenBytes: UInt64 = 0
}

extension HandOverEntry: ProtoMessage {
    func encode(into writer: inout ProtoWriter) {
        writer.uint64(1, epoch)
        writer.uint64(2, size)
        writer.bytes(3, root)
        writer.string(4, key)
        writer.string(5, recoveryKey)
        writer.uint32(6, by.rawValue)
        writer.bytes(7, signature)
        writer.uint64(8, utc_ns)
        writer.bytes(9, stateSHA256)
        writer.uint64(10, writtenBytes)
    }

    init(_ reader: inout ProtoReader) throws(ProtoProblem) {
        self.init()
        while let field = try reader.next() {
            switch field {
            case 1: epoch = try reader.uint64()
            case 2: size = try reader.uint64()
            case 3: root = try reader.array()
            case 4: key = try reader.string()
            case 5: recoveryKey = try reader.string()
            case 6: by = try reader.choice("kind of key")
            case 7: signature = try reader.array()
            case 8: utc_ns = try reader.uint64()
            case 9: stateSHA256 = try reader.array()
            case 10: writtenBytes = try reader.uint64()
            default: try reader.skip()
            }
        }
    }
}
