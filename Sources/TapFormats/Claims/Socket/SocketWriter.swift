import TapCore

/// Somebody who writes claims into a socket.
struct SocketWriter: Sendable {
    let socket: UnixSocket
    /// Unlike that of any other.
    let number: Int
    var lines: ClaimLines
    /// Its claims have monotonic times; up to here nothing more comes, in the session's time.
    var reached: Timestamp?
    /// When its last line was read.
    var heard: Timestamp
    private(set) var bytes = [UInt8](repeating: 0, count: InputFile.capacity)
    private var start = 0
    private var end = 0
    /// A line is too long: what stands for it comes next, and then the rest of it.
    private var isTooLong = false
    private var isWithin = false

    init(_ socket: UnixSocket, number: Int, _ options: ClaimsOptions, at now: Timestamp) {
        (self.socket, self.number, heard) = (socket, number, now)
        lines = ClaimLines(objects: options)
    }

    /// The next whole line without its end: its place in `bytes`, until the next call.
    mutating func nextLine() -> Range<Int>? {
        while let length = bytes[start..<end].firstIndex(of: UInt8(ascii: "\n")).map({ $0 - start }) {
            let range = start..<start + length
            start += length + 1
            guard !isWithin else {
                isWithin = false
                continue
            }
            (isWithin, isTooLong) = (isTooLong, false)
            return bytes[range].last == UInt8(ascii: "\r") ? range.dropLast() : range
        }
        return nil
    }

    /// Receives what is there. - Returns: false: the other end is closed; nil: nothing is there now.
    mutating func fill() -> Bool? {
        if start > 0 {
            bytes.replaceSubrange(0..<end - start, with: bytes[start..<end])
            (start, end) = (0, end - start)
        }
        if end == bytes.count {
            // No line is so long: one that cannot be read stands for it.
            end = 0
            guard !isWithin else { return true }
            bytes[0] = UInt8(ascii: "?")
            bytes[1] = UInt8(ascii: "\n")
            (end, isTooLong) = (2, true)
            return true
        }
        do throws(Errno) {
            guard let count = try socket.receive(into: &bytes, from: end) else { return nil }
            end += count
            return count > 0
        } catch { return false }
    }
}
