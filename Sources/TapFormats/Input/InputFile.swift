import Glibc
import TapCore

/// A file that is read once from its beginning through a buffer of fixed size, as bytes, tokens or lines.
///
/// Text is given as UTF-8 without a mark of byte order, also if it is UTF-16 in the file; its lines end with LF, CR and
/// LF, or, if it has no LF, with CR.
///
/// One of the module's files with unsafe code: the buffer is an array, lent to read(2) and memchr(3) for the call only.
struct InputFile: ~Copyable, Sendable {
    /// As the caller named it.
    let path: String
    private let descriptor: Int32
    /// What was read and not yet used is `bytes[start..<end]`.
    private(set) var bytes: [UInt8]
    private(set) var start = 0
    private(set) var end = 0
    private var isAtEnd = false
    /// Of the next byte, counted from 1: for messages.
    private(set) var line = 1
    /// Of `bytes[0]` in the file.
    private var base: UInt64 = 0
    /// Whether the word or line that was taken last had an end: white space, or a newline. The last of a file that was
    /// torn has none.
    private(set) var isWhole = true
    private let encoding: TextEncoding?
    /// Of UTF-16 text: turns it into UTF-8.
    private var wide: WideText?
    /// The mark of byte order may stand first.
    private var isAtMark: Bool
    private var lineEnd = UInt8(ascii: "\n")
    private var hasEnds = false
    /// A name was no UTF-8 and was read as Windows-1252.
    private(set) var isGuessed = false

    /// No token and no line may be longer.
    static let capacity = 1 << 18

    /// - Parameters:
    ///   - isText: false: the bytes are given as they are.
    ///   - encoding: of the names in it.
    init(_ path: String, isText: Bool = true, encoding: TextEncoding? = nil) throws(TapError) {
        // Opened before there is a value: one that is half made cannot be thrown away (Swift 6.2 crashes on it).
        self.init(path, opened: try InputFile.open(path), isText, encoding)
    }

    private init(_ path: String, opened: Int32, _ isText: Bool, _ encoding: TextEncoding?) {
        self.path = path
        isAtMark = isText
        self.encoding = encoding
        if isText, let encoding, encoding.isWide { wide = WideText(isBigEndian: encoding.isBigEndian) }
        descriptor = opened
        bytes = [UInt8](repeating: 0, count: InputFile.capacity)
    }

    private static func open(_ path: String) throws(TapError) -> Int32 {
        let place = try InputPlace.path(path)
        let opened = unsafe Glibc.open(place, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw unreadable(path, .last) }
        return opened
    }

    deinit { close(descriptor) }

    static func unreadable(_ path: String, _ error: Errno) -> TapError {
        let words = error == .notFound ? "no such file" : "cannot be read: \(error.words)"
        return TapError(
            error == .denied ? .permission : .configuration, path.isEmpty ? "''" : InputPlace.name(path), words,
            remedy: "check the path")
    }

    /// Where the next byte lies in the file.
    var offset: UInt64 { base + UInt64(start) }

    /// How much of the file is used up, from 0 to 1; nil: its size is not known.
    var share: Double? {
        var found = stat()
        guard unsafe fstat(descriptor, &found) == 0, found.st_size > 0 else { return nil }
        return min(1, Double(offset) / Double(found.st_size))
    }

    /// A mistake in the line that is being read.
    func mistake(_ what: String, remedy: String) -> TapError {
        TapError(.configuration, "\(InputPlace.name(path)):\(line)", what, remedy: remedy)
    }

    /// Reads on behind what is not used yet.
    ///
    /// - Returns: false at the end of the file, or if the buffer is full.
    private mutating func fill() throws(TapError) -> Bool {
        if start > 0 {
            let (from, count) = (start, end - start)
            unsafe bytes.withUnsafeMutableBytes { buffer in
                guard let base = buffer.baseAddress, count > 0 else { return }
                _ = unsafe memmove(base, base + from, count)
            }
            base += UInt64(start)
            end -= start
            start = 0
        }
        while !isAtEnd, end < bytes.count {
            // One unit of UTF-16 is up to three bytes of UTF-8.
            let free = wide == nil ? bytes.count - end : (bytes.count - end) / 3
            guard free > 0 else { return false }
            let count = unsafe bytes.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress! + end, free)
            }
            if count > 0 {
                end += count
                passMark()
                widen(count)
                return true
            }
            if count == 0 {
                isAtEnd = true
            } else if Errno.last != .interrupted {
                throw InputFile.unreadable(path, .last)
            }
        }
        return false
    }

    /// Passes over the mark of byte order that the file may begin with.
    private mutating func passMark() {
        guard isAtMark else { return }
        let marks = [[0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF]] as [[UInt8]]
        guard let mark = marks.first(where: { $0[0] == bytes[0] }) else {
            isAtMark = false
            return
        }
        guard end >= mark.count else { return }
        isAtMark = false
        guard bytes.starts(with: mark) else { return }
        if mark.count == 3 { start = 3 } else { wide = WideText(isBigEndian: bytes[0] == 0xFE) }
    }

    /// Turns the last so many bytes into UTF-8.
    private mutating func widen(_ count: Int) {
        guard let text = wide?.utf8(bytes[end - count..<end]) else { return }
        end -= count
        bytes.replaceSubrange(end..<end + text.count, with: text)
        end += text.count
    }

    /// Makes at least so many bytes available from `start` on, if the file has them.
    mutating func need(_ count: Int) throws(TapError) -> Bool {
        while end - start < count { guard try fill() else { return false } }
        return true
    }

    /// Uses up bytes that are available.
    mutating func skip(_ count: Int) { start += min(count, end - start) }

    /// The next word between white space: its place in `bytes`, until the next call; nil at the end of the file.
    mutating func nextToken() throws(TapError) -> Range<Int>? {
        while true {
            while start < end, bytes[start] <= 0x20 {
                if bytes[start] == UInt8(ascii: "\n") { line += 1 }
                start += 1
            }
            if start < end { break }
            guard try fill() else { return nil }
        }
        var stop = start
        while true {
            while stop < end, bytes[stop] > 0x20 { stop += 1 }
            if stop < end { break }
            let length = stop - start
            guard try fill() else {
                guard isAtEnd else {
                    throw mistake(
                        "a word of more than \(InputFile.capacity) bytes", remedy: "this is not a file of this format")
                }
                stop = start + length
                break
            }
            stop = start + length
        }
        defer { start = stop }
        // A file system that was cut off pads what it had not written with zeros.
        isWhole = stop < end && bytes[stop] != 0
        return start..<stop
    }

    /// The next line without its end: its place in `bytes`, until the next call; nil at the end of the file. `line` is
    /// this line's number until then.
    mutating func nextLine() throws(TapError) -> Range<Int>? {
        if isInLine { line += 1 }
        isInLine = true
        var searched = 0
        while true {
            if let length = newline(from: start + searched).map({ $0 - start }) {
                hasEnds = true
                isWhole = true
                var stop = start + length
                let range = start
                start = stop + 1
                if stop > range, bytes[stop - 1] == UInt8(ascii: "\r") { stop -= 1 }
                isWhole = true
                return range..<stop
            }
            searched = end - start
            guard try !fill() else { continue }
            if !hasEnds, lineEnd == UInt8(ascii: "\n"), bytes[start..<end].contains(UInt8(ascii: "\r")) {
                lineEnd = UInt8(ascii: "\r")
                searched = 0
                continue
            }
            var isLast = isAtEnd
            if !isLast { isLast = try isRestEmpty() }
            guard isLast else {
                throw mistake(
                    "a line of more than \(InputFile.capacity) bytes", remedy: "this is not a file of this format")
            }
            guard start < end else { return nil }
            defer { start = end }
            isWhole = false
            return start..<end
        }
    }

    private var isInLine = false

    /// Whether nothing but zeros follows what is in the buffer, which is full. They are used up, and its first byte stays
    /// the next one.
    private mutating func isRestEmpty() throws(TapError) -> Bool {
        guard bytes[end - 1] == 0 else { return false }
        let kept: Int = bytes[start..<end].lastIndex { $0 != 0 }.map { $0 + 1 } ?? start
        repeat {
            guard bytes[kept..<end].allSatisfy({ $0 == 0 }) else { return false }
            end = kept + 1
        } while try fill()
        return true
    }

    private func newline(from position: Int) -> Int? {
        guard position < end else { return nil }
        return unsafe bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress,
                let found = unsafe memchr(base + position, Int32(lineEnd), end - position)
            else {
                return nil
            }
            return unsafe UnsafeRawPointer(found) - base
        }
    }

    /// As text, for messages.
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// As text, by the file's encoding: for names.
    mutating func name(_ range: Range<Int>) throws(TapError) -> String {
        guard let encoding, !encoding.isWide else {
            let (text, isUTF8) = TextEncoding.guessed(bytes[range])
            if !isUTF8 { isGuessed = true }
            return text
        }
        guard let text = encoding.text(Array(bytes[range])) else {
            throw mistake("is no text in \(encoding.name)", remedy: "name another encoding with --encoding")
        }
        return text
    }

    /// What is to be said of how its names were read.
    var encodingRemarks: [String] {
        isGuessed ? ["names are not UTF-8: they were read as Windows-1252; if they look wrong, give --encoding"] : []
    }

    /// The whole lines within the next `count` bytes, which stay unread: their places in `bytes`, until the next call.
    mutating func linesAhead(_ count: Int) throws(TapError) -> [Range<Int>] {
        let isMore = try need(count)
        let ahead = bytes[start..<min(end, start + count)]
        let mark = ahead.contains(UInt8(ascii: "\n")) ? UInt8(ascii: "\n") : UInt8(ascii: "\r")
        var lines: [Range<Int>] = []
        var begin = start
        for index in ahead.indices where bytes[index] == mark {
            lines.append(begin..<(index > begin && bytes[index - 1] == UInt8(ascii: "\r") ? index - 1 : index))
            begin = index + 1
        }
        // The last may be torn off by the end of what was read.
        if !isMore, begin < ahead.endIndex { lines.append(begin..<ahead.endIndex) }
        return lines
    }
}
