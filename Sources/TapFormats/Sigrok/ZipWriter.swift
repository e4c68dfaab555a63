// Writing ZIP archives through libzip, entry by entry from what was spooled.

import CZip
import Glibc
import TapCore

/// Gives the samples of a spool, one after the other, to libzip's call of `zip_source_function(3)`.
///
/// Sound: libzip calls on the thread of `zip_close` only, while the spools live; what it lends is filled to its length.
private final class SpoolSource {
    private let descriptor: Int32
    private let packing: Packing
    private let unit: Int
    private let size: UInt64
    private var offset: off_t = 0
    private var runs: [UInt64] = Array(repeating: 0, count: 8_192)
    private var next = 0
    private var end = 0
    private var left: UInt64 = 0
    private var value: UInt64 = 0
    private var byte = 0
    private var given: UInt64 = 0
    private var code: Int32 = 0

    init(_ descriptor: Int32, unit: Int, samples: UInt64, _ packing: Packing) {
        self.descriptor = descriptor
        self.packing = packing
        self.unit = unit
        size = samples * UInt64(unit)
    }

    func call(_ data: UnsafeMutableRawPointer?, _ length: UInt64, _ command: zip_source_cmd_t) -> Int64 {
        switch command {
        case ZIP_SOURCE_OPEN:
            (offset, next, end, left, byte, given) = (0, 0, 0, 0, 0, 0)
            return 0
        case ZIP_SOURCE_READ:
            guard let data = unsafe data else { return -1 }
            return unsafe read(data.assumingMemoryBound(to: UInt8.self), length)
        case ZIP_SOURCE_CLOSE, ZIP_SOURCE_FREE: return 0
        case ZIP_SOURCE_STAT:
            guard let stat = unsafe data?.assumingMemoryBound(to: zip_stat_t.self) else { return -1 }
            unsafe zip_stat_init(stat)
            unsafe stat.pointee.size = size
            unsafe stat.pointee.valid = UInt64(ZIP_STAT_SIZE)
            return unsafe Int64(MemoryLayout<zip_stat_t>.size)
        case ZIP_SOURCE_ERROR:
            guard let words = unsafe data?.assumingMemoryBound(to: Int32.self) else { return -1 }
            unsafe words[0] = ZIP_ER_READ
            unsafe words[1] = code
            return 8
        case ZIP_SOURCE_SUPPORTS:
            return [
                ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
            ]
            .reduce(0) { $0 | 1 << Int64($1.rawValue) }
        default: return -1
        }
    }

    private func read(_ data: UnsafeMutablePointer<UInt8>, _ length: UInt64) -> Int64 {
        let wanted = Int(min(length, size - given))
        var done = 0
        while done < wanted {
            if left == 0 {
                guard nextRun() else { return -1 }
            }
            if unit == 1 {
                let count = Int(min(left, UInt64(wanted - done)))
                unsafe memset(data + done, Int32(UInt8(truncatingIfNeeded: value)), count)
                done += count
                left -= UInt64(count)
            } else {
                unsafe data[done] = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte))
                done += 1
                byte += 1
                if byte == unit { (byte, left) = (0, left - 1) }
            }
        }
        given += UInt64(done)
        return packing.add(UInt64(done)) ? Int64(done) : -1
    }

    private func nextRun() -> Bool {
        if next == end {
            let count = unsafe runs.withUnsafeMutableBytes { buffer in
                unsafe pread(descriptor, buffer.baseAddress, buffer.count, offset)
            }
            guard count > 0, count % 16 == 0 else {
                code = count < 0 ? errno : EIO
                return false
            }
            offset += off_t(count)
            (next, end) = (0, count / 8)
        }
        left = UInt64(littleEndian: runs[next])
        value = UInt64(littleEndian: runs[next + 1])
        next += 2
        return true
    }
}

/// An archive that is being written.
@safe
struct ZipWriter: ~Copyable {
    private let name: String
    private let packing: Packing
    private let archive: OpaquePointer
    private var sources: [SpoolSource] = []
    private var isClosed = false

    /// - Parameter path: replaced if it is there, when the archive is closed.
    init(_ path: String, name: String, _ packing: Packing) throws(TapError) {
        // See InputFile: opened before there is a value.
        unsafe self.init(name, packing, opened: try ZipWriter.open(path))
    }

    private init(_ name: String, _ packing: Packing, opened: OpaquePointer) {
        self.name = name
        self.packing = packing
        unsafe archive = opened
    }

    private static func open(_ path: String) throws(TapError) -> OpaquePointer {
        var code: Int32 = 0
        guard let opened = unsafe zip_open(path, Int32(ZIP_CREATE | ZIP_TRUNCATE), &code) else {
            throw TapError(
                .output, printable(path), "cannot be written: libzip's error \(code)", remedy: "choose another file")
        }
        return unsafe opened
    }

    deinit { if !isClosed { unsafe zip_discard(archive) } }

    private func failure() -> TapError {
        if packing.isOver { return Conversion.interruption }
        let words = unsafe String(cString: zip_strerror(archive))
        return TapError(
            .output, printable(name), "cannot be written: \(words)", remedy: "make room or choose another file")
    }

    mutating func add(_ name: String, text: String) throws(TapError) {
        let bytes = Array(text.utf8)
        // libzip frees this: a copy of its own.
        guard let copy = unsafe malloc(bytes.count + 1) else { throw failure() }
        unsafe bytes.withUnsafeBytes { if let from = $0.baseAddress { _ = unsafe memcpy(copy, from, $0.count) } }
        unsafe try add(name, zip_source_buffer(archive, copy, UInt64(bytes.count), 1))
    }

    /// - Parameter unit: bytes of a sample.
    mutating func add(_ name: String, _ spool: RunSpool, unit: Int) throws(TapError) {
        let source = SpoolSource(spool.descriptor, unit: unit, samples: spool.samples, packing)
        sources.append(source)
        unsafe try add(
            name,
            zip_source_function(
                archive,
                { state, data, length, command in
                    let source = unsafe Unmanaged<SpoolSource>.fromOpaque(state.unsafelyUnwrapped)
                    return unsafe source.takeUnretainedValue().call(data, length, command)
                }, Unmanaged.passUnretained(source).toOpaque()))
    }

    private func add(_ name: String, _ source: OpaquePointer?) throws(TapError) {
        guard let source = unsafe source else { throw failure() }
        guard unsafe zip_file_add(archive, name, source, UInt32(ZIP_FL_ENC_UTF_8)) >= 0 else {
            unsafe zip_source_free(source)
            throw failure()
        }
    }

    /// Writes everything, and puts it in its place. The spools must still be there; nothing may follow.
    mutating func close() throws(TapError) {
        guard unsafe zip_close(archive) == 0 else { throw failure() }
        // libzip has freed the archive.
        isClosed = true
    }
}
