import Glibc
import TapCore
import Testing

@testable import TapFormats

/// A capture in memory: what a reader gave, or what a writer is to be given.
struct Captured: Equatable {
    var lines: [String] = []
    /// `device.channel unit`.
    var channels: [String] = []
    var records: [String] = []
    var end: UInt64?
    /// What reading found.
    var remarks: [String] = []

    /// Reads a file as `tap` does.
    init(_ path: String, _ options: ReadOptions = ReadOptions()) throws(TapError) {
        try self.init(CaptureFormat.open(path, options))
    }

    init(_ reader: consuming any CaptureReader & ~Copyable) throws(TapError) {
        var reader = reader
        let header = reader.header
        lines = header.lines.map(\.name)
        channels = header.devices.flatMap { device in
            device.channels.map { "\(device.name).\($0.name) \($0.unit)" }
        }
        var sink = Notes(header)
        var buffer = RecordBuffer(capacity: 64)
        var isMore = true
        while isMore {
            isMore = try reader.read(into: &buffer)
            buffer.drain(into: &sink)
        }
        records = sink.notes
        end = reader.end?.nanoseconds
        remarks = reader.remarks
    }
}

/// The small files that are kept with the tests.
enum Cases {
    static let folder = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Cases"

    static func bytes(_ name: String) throws -> [UInt8] {
        var file = try InputFile("\(folder)/\(name)", isText: false)
        _ = try file.need(InputFile.capacity)
        return Array(file.bytes[file.start..<file.end])
    }
}

/// Records as lines of text, by names.
struct Notes: RecordSink {
    private(set) var notes: [String] = []
    private let header: SessionHeader

    init(_ header: SessionHeader) { self.header = header }

    mutating func edge(_ edge: Edge) {
        notes.append(
            "\(edge.time.nanoseconds) \(header.lines[Int(edge.line.index)].name) \(edge.isRising ? "rises" : "falls")")
    }
    mutating func event(_ event: Event) {
        let what: String
        switch event {
        case .level(let level):
            what =
                "\(header.lines[Int(level.line.index)].name) is \(level.isHigh ? "high" : "low") (\(level.reason))"
        case .gap(let gap): what = "\(header.name(of: gap.subject)) \(Words.kind(gap.kind))"
        case .reread(let reread):
            what = "\(header.lines[Int(reread.line.index)].name) read \(reread.agreed), failed \(reread.failed)"
        case .claim(let claim):
            let quality = Words.quality(claim.quality)
            what = "\(header.name(of: .tag(claim.tag))) is said to be \(claim.value) (\(quality))"
        case .note(let note): what = "\(note.author) notes \(note.text)"
        case .clockFix(let fix): what = "UTC \(fix.utcNanoseconds)"
        }
        notes.append("\(event.time.nanoseconds) \(what)")
    }
    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        let device = header.devices[Int(block.device.index)]
        for scan in 0..<block.count {
            let values = device.channels.map { channel in
                "\(channel.value(in: raw, at: scan * block.bytesPerScan + channel.byteOffset))"
            }
            let time = block.firstTime + block.period * Int64(scan)
            notes.append("\(time.nanoseconds) \(device.name) \(values.joined(separator: " "))")
        }
    }
}
