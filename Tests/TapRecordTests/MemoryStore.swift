import TapCore

@testable import TapRecord

/// A store on a disk in memory.
struct MemoryStore {
    let disk: MemoryDisk
    let key: VerifierKey

    init() throws {
        disk = MemoryDisk()
        let made = try RecordStore.make(on: disk, origin: "plant/simulated", provenance: .simulated, utc_ns: 1)
        key = VerifierKey(made.key)!
    }

    /// The next session.
    func recorder(_ header: SessionHeader, utc_ns: UInt64 = 7, quietSpan: Nanoseconds = .seconds(60)) throws -> Recorder
    {
        var options = StoreOptions()
        options.segmentSize = 1 << 16
        options.quietSpan = quietSpan
        let clock = StoreClock { .init(monotonic: header.origin, utcNanoseconds: utc_ns) }
        let opened = try OpenedStore(disk)
        let session = (opened.state.start?.session ?? 0) + 1
        let writer = try StoreWriter(
            opened, header: header, on: RecordStoreTests.key0, clock: clock, options: options)
        return Recorder(
            header, session: session, options: options,
            keeper: InlineKeeper(writer, store: "store", mostPending: 1 << 20))
    }
}
