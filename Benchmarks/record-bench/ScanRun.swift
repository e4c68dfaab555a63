import TapCore
import TapRecord
import TapSim

/// Blocks of raw scans into a store, beside an append of the same bytes with the same syncs, and beside their digest.
struct ScanRun {
    static let block = 64 << 10
    /// A span is cut at 1 MiB, a batch committed above 4 MiB.
    static let batch = 80
    let blocks: Int
    private let data: [UInt8]

    /// - Parameter blocks: of 64 KiB each.
    init(blocks: Int) {
        self.blocks = blocks
        var random = Random(seed: 1, stream: "record-bench")
        data = (0..<ScanRun.block).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    private static var header: SessionHeader {
        let channel = ChannelInfo(
            name: "raw", channel: "raw", pin: "", unit: "", byteOffset: 0, format: .float(bits: 32), offset: 0,
            scale: 1)
        let device = DeviceInfo(
            id: DeviceID(0), name: "adc", context: "", method: .simulated, isTimestamped: false, rate_hz: nil,
            bytesPerScan: 4, channels: [channel], timestamp: nil)
        let source = SourceInfo(
            name: "scans", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: [.scans], lines: [],
            devices: [device])
        return SessionHeader(
            version: "bench", board: "bench", origin: .zero, fix: nil, kernel: "", sources: [source])
    }

    /// Seconds.
    func record(_ path: String) throws(TapError) -> Double {
        var recorder = try Bench.recorder(path, ScanRun.header)
        let began = Bench.now
        recorder.begin(source: 0)
        let perBlock = ScanRun.block / 4
        for number in 0..<blocks {
            let time = Timestamp(nanoseconds: UInt64(number * perBlock) * 1_000)
            let block = ScanBlock(
                device: DeviceID(0), firstTime: time, period: .microseconds(1), count: perBlock, bytesPerScan: 4,
                sequence: UInt64(number * perBlock), stamps: .exact, uncertainty: .zero)
            unsafe recorder.scans(block, raw: data.span.bytes)
            recorder.watermark(at: time + .microseconds(Int64(perBlock)))
            if number % ScanRun.batch == ScanRun.batch - 1 { try recorder.batchEnded(at: time) }
        }
        let end = Timestamp(nanoseconds: UInt64(blocks * perBlock) * 1_000)
        recorder.sourceEnded(at: end)
        try recorder.finish(at: end)
        return Double((Bench.now - began).count) / 1e9
    }

    /// Seconds that appending takes: files of 16 MiB, and for each batch what a commit syncs: the segment's file
    /// before and after its chunk becomes visible, the log.
    func append(_ path: String) throws(DiskError) -> Double {
        let disk = SystemDisk(path)
        try disk.makeRoot()
        let began = Bench.now
        let log = try disk.open("log", creating: true)
        let perFile = (16 << 20) / (ScanRun.block * ScanRun.batch)
        let batch = Array(repeatElement(data, count: ScanRun.batch).joined())
        let copied = Double((Bench.now - began).count) / 1e9
        var file: (any DiskFile)?
        for number in 0..<blocks / ScanRun.batch {
            if number % perFile == 0 {
                // As a segment is sealed: three.
                try file?.sync()
                try file?.sync()
                try file?.sync()
                file = try disk.open("\(number)", creating: true)
                try file?.resize(to: 16 << 20)
                try file?.sync()
                try disk.syncDirectory("")
            }
            let offset = UInt64(number % perFile * batch.count)
            try file?.write(batch, at: offset)
            try file?.sync()
            try file?.write([1, 2, 3, 4, 5, 6, 7, 8, 9], at: offset)
            try file?.sync()
            try log.write(data.prefix(1_024) + [], at: UInt64(number) * 1_024)
            try log.sync()
        }
        return Double((Bench.now - began).count) / 1e9 - copied
    }

    /// Seconds that the digest of the same bytes takes.
    func digest() -> Double {
        let began = Bench.now
        var stream = DigestStream()
        for _ in 0..<blocks { stream.append(data) }
        withExtendedLifetime(stream.digest) {}
        return Double((Bench.now - began).count) / 1e9
    }

    var bytes: Double { Double(blocks) * Double(ScanRun.block) }
}
