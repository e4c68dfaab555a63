import Glibc
import TapCore
import Testing

@testable import TapFormats

/// A folder that goes with the test.
final class ScratchFolder {
    let path: String

    init() {
        var template = Array("/tmp/tap-formats-XXXXXX".utf8CString)
        _ = unsafe template.withUnsafeMutableBufferPointer { unsafe mkdtemp($0.baseAddress!) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        let paths = [path] as [String]
        for folder in paths { removeAll(in: folder) }
    }

    private func removeAll(in folder: String) {
        if let stream = unsafe opendir(folder) {
            while let entry = unsafe readdir(stream) {
                let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) {
                    unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
                _ = unsafe unlink("\(folder)/\(name)")
            }
            unsafe closedir(stream)
        }
        _ = unsafe rmdir(folder)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file anew.
    func write(_ name: String, _ bytes: [UInt8]) -> String {
        let descriptor = unsafe open(file(name), O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        precondition(descriptor >= 0)
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress! + done, bytes.count - done)
            }
            precondition(count > 0)
            done += count
        }
        return file(name)
    }

    func write(_ name: String, _ text: String) -> String { write(name, Array(text.utf8)) }

    func read(_ name: String) -> [UInt8] {
        let descriptor = unsafe open(file(name), O_RDONLY)
        defer { close(descriptor) }
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe piece.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return all }
            all += piece.prefix(count)
        }
    }

    /// Names of what is there, in order.
    var names: [String] {
        var names: [String] = []
        guard let stream = unsafe opendir(path) else { return [] }
        while let entry = unsafe readdir(stream) {
            names.append(
                unsafe withUnsafeBytes(of: entry.pointee.d_name) {
                    unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        unsafe closedir(stream)
        return names.filter { $0 != "." && $0 != ".." }.sorted()
    }
}

/// A capture in memory: what a reader gave, or what a writer is to be given.
struct Captured: Equatable {
    var lines: [String] = []
    /// `device.channel unit`.
    var channels: [String] = []
    var records: [String] = []
    var end: UInt64?

    /// Reads a file as `tap` does.
    init(_ path: String) throws(TapError) {
        var reader = try CaptureFormat.open(path)
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
