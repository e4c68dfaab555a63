// All that TapFormats asks of libzip: reading entries as streams, and writing an archive whose entries are pulled.

import CZip
import Glibc
import TapCore

/// A ZIP archive that is being read (zip_open(3), zip_fread(3)): several entries may be read side by side.
///
/// Sound: the archive and its streams are owned by this value from `init` to `deinit` and closed there, streams first;
/// libzip gets the length of each buffer. On one thread at a time.
@safe
struct ZipArchive: ~Copyable, @unchecked Sendable {
    let path: String
    private let archive: OpaquePointer
    private var streams: [OpaquePointer?]

    struct Entry: Sendable {
        var index: UInt64
        var name: String
        /// Uncompressed, as the archive says; what comes is counted, not believed.
        var size: UInt64
    }

    init(_ path: String) throws(TapError) {
        // See InputFile: opened before there is a value.
        unsafe self.init(path, opened: try ZipArchive.open(path))
    }

    private init(_ path: String, opened: OpaquePointer) {
        self.path = path
        unsafe archive = opened
        unsafe streams = []
    }

    private static func open(_ path: String) throws(TapError) -> OpaquePointer {
        var code: Int32 = 0
        if let opened = unsafe zip_open(try InputPlace.path(path), Int32(ZIP_RDONLY), &code) { return unsafe opened }
        if code == ZIP_ER_NOENT || code == ZIP_ER_OPEN || code == ZIP_ER_READ {
            throw InputFile.unreadable(path, .last)
        }
        throw TapError(
            .configuration, printable(path),
            "is not a ZIP archive as a .sr file must be, or truncated: \(words(code))", remedy: "use a complete file")
    }

    deinit {
        for index in unsafe streams.indices { if let stream = unsafe streams[index] { unsafe zip_fclose(stream) } }
        unsafe zip_discard(archive)
    }

    private static func words(_ code: Int32) -> String {
        var error = unsafe zip_error_t()
        unsafe zip_error_init_with_code(&error, code)
        defer { unsafe zip_error_fini(&error) }
        return unsafe String(cString: zip_error_strerror(&error))
    }

    /// Entries of more than this many are not looked at: no capture has so many.
    static let mostEntries: Int64 = 1 << 20

    /// In the archive's order.
    func entries() throws(TapError) -> [Entry] {
        let count = unsafe zip_get_num_entries(archive, 0)
        guard count >= 0, count <= ZipArchive.mostEntries else {
            throw TapError(
                .configuration, printable(path), "has \(count) entries, more than any capture",
                remedy: "this is not a .sr file")
        }
        var entries: [Entry] = []
        for index in 0..<UInt64(count) {
            var stat = unsafe zip_stat_t()
            guard unsafe zip_stat_index(archive, index, 0, &stat) == 0, let name = unsafe stat.name else { continue }
            entries.append(Entry(index: index, name: unsafe String(cString: name), size: unsafe stat.size))
        }
        return entries
    }

    /// Begins to read an entry from its start.
    ///
    /// - Returns: the number of the stream, for `read` and `close`.
    mutating func open(_ entry: Entry) throws(TapError) -> Int {
        guard let stream = unsafe zip_fopen_index(archive, entry.index, 0) else {
            let words = unsafe String(cString: zip_strerror(archive))
            throw TapError(
                .configuration, "\(printable(path)): entry '\(printable(entry.name))'", "cannot be read: \(words)",
                remedy: "the file is damaged or encrypted; use a complete one")
        }
        if let free = unsafe streams.firstIndex(where: { unsafe $0 == nil }) {
            unsafe streams[free] = stream
            return free
        }
        unsafe streams.append(stream)
        return unsafe streams.count - 1
    }

    mutating func close(_ stream: Int) {
        if let open = unsafe streams[stream] { unsafe zip_fclose(open) }
        unsafe streams[stream] = nil
    }

    /// Fills `bytes[range]` as far as the entry goes.
    ///
    /// - Returns: how many bytes came; fewer than asked for only at the entry's end.
    mutating func read(_ stream: Int, of name: String, into bytes: inout [UInt8], _ range: Range<Int>) throws(TapError)
        -> Int
    {
        precondition(range.upperBound <= bytes.count)
        guard let open = unsafe streams[stream] else { preconditionFailure("a stream that is not open") }
        var done = 0
        while done < range.count {
            let wanted = range.count - done
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe zip_fread(open, buffer.baseAddress! + range.lowerBound + done, UInt64(wanted))
            }
            guard count >= 0 else {
                let words = unsafe String(cString: zip_file_strerror(open))
                throw TapError(
                    .configuration, "\(printable(path)): entry '\(printable(name))'", "is damaged: \(words)",
                    remedy: "use a complete file")
            }
            if count == 0 { break }
            done += Int(count)
        }
        return done
    }

    /// A small entry as a whole.
    mutating func contents(of entry: Entry, atMost limit: Int) throws(TapError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        let stream = try open(entry)
        defer { close(stream) }
        let count = try read(stream, of: entry.name, into: &bytes, 0..<limit + 1)
        guard count <= limit else {
            throw TapError(
                .configuration, "\(printable(path)): entry '\(printable(entry.name))'", "is longer than \(limit) bytes",
                remedy: "this is not a .sr file")
        }
        return Array(bytes.prefix(count))
    }
}
