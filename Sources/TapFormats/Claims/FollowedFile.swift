import Glibc
import TapCore

/// A file, FIFO or standard input from which whole lines are taken as they come. Never waits for one.
///
/// One of the module's files with unsafe code: the buffer is an array, lent to read(2) for the call only.
struct FollowedFile: ~Copyable, Sendable {
    let isRegular: Bool
    /// Nobody can write any more.
    private(set) var isOver = false
    private(set) var bytes = [UInt8](repeating: 0, count: InputFile.capacity)
    private let path: String
    private let descriptor: Int32
    private var start = 0
    private var end = 0
    private var offset: Int64 = 0
    /// What comes belongs to a line whose beginning was not read.
    private var isWithin = false

    init(_ path: String) throws(TapError) {
        let opened =
            path == "-" ? dup(STDIN_FILENO) : unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard opened >= 0 else { throw InputFile.unreadable(path, .last) }
        self.init(path, opened)
    }

    private init(_ path: String, _ opened: Int32) {
        self.path = path
        descriptor = opened
        var found = stat()
        isRegular = unsafe fstat(opened, &found) == 0 && found.st_mode & S_IFMT == S_IFREG
    }

    deinit { close(descriptor) }

    /// Passes over what is there already.
    mutating func skipToEnd() throws(TapError) {
        guard isRegular, path != "-" else { return }
        let size = lseek(descriptor, 0, SEEK_END)
        guard size > 0 else { return }
        // The last line may not be whole yet.
        offset = Int64(lseek(descriptor, size - 1, SEEK_SET))
        isWithin = true
    }

    /// Whether another file has this one's place, or it has become shorter. Once all whole lines are taken.
    var isReplaced: Bool {
        guard isRegular, path != "-" else { return false }
        var (own, named) = (stat(), stat())
        guard unsafe fstat(descriptor, &own) == 0, unsafe stat(path, &named) == 0 else { return false }
        guard own.st_size == offset else { return own.st_size < offset }
        return own.st_ino != named.st_ino || own.st_dev != named.st_dev
    }

    /// The next whole line without its end: its place in `bytes`, until the next call; nil: there is none now.
    mutating func nextLine() throws(TapError) -> Range<Int>? {
        while true {
            if let length = bytes[start..<end].firstIndex(of: UInt8(ascii: "\n")).map({ $0 - start }) {
                let range = start..<start + length
                start += length + 1
                if isWithin {
                    isWithin = false
                    continue
                }
                return bytes[range].last == UInt8(ascii: "\r") ? range.dropLast() : range
            }
            guard try fill() else { return nil }
        }
    }

    /// - Returns: false if nothing is there now.
    private mutating func fill() throws(TapError) -> Bool {
        if start > 0 {
            bytes.replaceSubrange(0..<end - start, with: bytes[start..<end])
            (start, end) = (0, end - start)
        }
        if end == bytes.count {
            // No line is so long: its rest is passed over, and reported as one that cannot be read.
            (end, isWithin) = (0, false)
            bytes[0] = UInt8(ascii: "?")
            end = 1
        }
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&polled, 1, 0) > 0 else { return false }
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe read(descriptor, buffer.baseAddress! + end, buffer.count - end)
        }
        if count > 0 {
            end += count
            offset += Int64(count)
            return true
        }
        if count == 0 {
            // A FIFO's next writer may come.
            isOver = path == "-" && !isRegular
        } else if ![.interrupted, .wouldBlock].contains(Errno.last) {
            throw InputFile.unreadable(path, .last)
        }
        return false
    }
}
