// Unsafe here: C functions of the file system, with paths and an array that live as long as the call.

import Glibc
public import TapCore
import TapRecord

/// Who may acknowledge and note through a window: a file with a name and a digest for each token.
///
/// A token is 32 random bytes, so its SHA-256 is enough: what makes a digest slow protects words that people choose, for those
/// can be tried one after the other. Of 2^256 tokens nobody tries a part that matters. The file is read anew for each question,
/// so that a token that is revoked ends at once. All functions block as long as a small file takes. Thread-safe.
public struct WindowTokens: Sendable, Hashable {
    public struct Entry: Sendable, Hashable {
        public var name: String
        /// As `2026-03-26T06:00:00Z`.
        public var added: String
        /// SHA-256, 64 digits.
        var digest: String
    }

    /// In one file.
    public static let most = 64
    /// Of a name, in bytes: it stands in a note of the session.
    public static let longestName = 30
    private static let head = "tap window tokens 1"
    private static let longestFile = 1 << 14

    public let path: String

    public init(_ path: String) { self.path = path }

    /// Whether it can stand in a note and on a screen.
    public static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= longestName && !name.contains(":") && printable(name) == name
            && !name.contains("  ") && name.first != " " && name.last != " "
    }

    /// - Throws: where the file is there and cannot be used. None where there is no file.
    public func entries() throws(TapError) -> [Entry] {
        guard let bytes = try read() else { return [] }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.first.map(String.init) == WindowTokens.head else {
            throw problem("is no file of tokens", "name another one, or make one with 'tap window token add'")
        }
        var entries: [Entry] = []
        for (index, line) in lines.enumerated().dropFirst() {
            let parts = line.split(separator: " ", maxSplits: 2)
            guard parts.count == 3, parts[0].utf8.count == 2 * Digest.byteCount, WindowTokens.isName(String(parts[2]))
            else { throw problem("line \(index + 1) is no token", "remove the line") }
            entries.append(Entry(name: String(parts[2]), added: String(parts[1]), digest: String(parts[0])))
        }
        return entries
    }

    /// The name that a token was given; nil: nobody has it. Takes the same time for each token that is wrong.
    func holder(of token: String) throws(TapError) -> String? {
        let asked = Array(Digest.of(Array(token.utf8)).hex.utf8)
        var found: String?
        for entry in try entries() {
            var difference: UInt8 = 0
            for (one, other) in zip(asked, entry.digest.utf8) { difference |= one ^ other }
            if difference == 0 { found = entry.name }
        }
        return found
    }

    /// - Parameter added: as `2026-03-26T06:00:00Z`.
    /// - Returns: the token, 64 digits, which stands nowhere else.
    public func add(
        _ name: String, added: String, by random: inout some RandomNumberGenerator
    ) throws(TapError) -> String {
        let lock = try FolderLock(of: path)
        defer { lock.end() }
        var all = try entries()
        guard !all.contains(where: { $0.name == name }) else {
            throw TapError(
                .usage, printable(path), "has a token named \(printable(name))",
                remedy: "revoke it first, or take another name")
        }
        guard all.count < WindowTokens.most else {
            throw problem("has \(WindowTokens.most) tokens", "revoke one first")
        }
        let words = (0..<4).map { _ in random.next() as UInt64 }
        let token = words.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
        all.append(Entry(name: name, added: added, digest: Digest.of(Array(token.utf8)).hex))
        try write(all)
        return token
    }

    public func revoke(_ name: String) throws(TapError) {
        let lock = try FolderLock(of: path)
        defer { lock.end() }
        let all = try entries()
        let rest = all.filter { $0.name != name }
        guard rest.count < all.count else {
            let known = all.isEmpty ? "it has none" : "it has \(all.map(\.name).joined(separator: ", "))"
            throw TapError(.usage, printable(path), "has no token named \(printable(name))", remedy: known)
        }
        try write(rest)
    }

    private func problem(_ what: String, _ remedy: String) -> TapError {
        TapError(.configuration, printable(path), what, remedy: remedy)
    }

    /// nil: it is not there.
    private func read() throws(TapError) -> [UInt8]? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard file >= 0 else {
            if Errno.last == .notFound { return nil }
            throw problem("cannot be read: \(Errno.last.words)", "let it belong to the user that reads it")
        }
        defer { close(file) }
        var found = stat()
        guard unsafe fstat(file, &found) == 0, found.st_mode & S_IFMT == S_IFREG else {
            throw problem("is no file", "name another one")
        }
        guard found.st_uid == geteuid() || found.st_uid == 0 || geteuid() == 0 else {
            throw problem("belongs to another user", "let it belong to the user that reads it")
        }
        guard found.st_mode & 0o077 == 0 else {
            throw problem("may be read or written by others", "chmod 600 it")
        }
        guard found.st_size <= WindowTokens.longestFile else { throw problem("is too long", "name another one") }
        var bytes = [UInt8](repeating: 0, count: WindowTokens.longestFile)
        var length = 0
        while length < bytes.count {
            let count = unsafe bytes[length...].withUnsafeMutableBytes {
                unsafe Glibc.read(file, $0.baseAddress, $0.count)
            }
            if count < 0, Errno.last == .interrupted { continue }
            guard count >= 0 else { throw problem("cannot be read: \(Errno.last.words)", "look at its medium") }
            guard count > 0 else { break }
            length += count
        }
        return Array(bytes[..<length])
    }

    /// As a whole. One that root makes belongs to whom the folder belongs, who is to read it.
    private func write(_ entries: [Entry]) throws(TapError) {
        let lines = [WindowTokens.head] + entries.map { "\($0.digest) \($0.added) \($0.name)" }
        let mask = umask(0o077)
        defer { umask(mask) }
        let isNew = unsafe access(path, F_OK) != 0
        let file = try OutputFile(path, mayReplace: true, appears: .whenWhole)
        try file.write(lines.joined(separator: "\n") + "\n")
        try file.commit()
        guard isNew, geteuid() == 0 else { return }
        var owner = stat()
        if unsafe stat(FolderLock.folder(of: path), &owner) == 0 { _ = unsafe lchown(path, owner.st_uid, owner.st_gid) }
    }
}

/// One process at a time changes a file that is replaced as a whole: it holds a lock of the file's folder (flock(2)), which ends
/// with the process.
private struct FolderLock {
    private let file: Int32
    private static let tries = 250
    private static let pause_us: UInt32 = 20_000

    static func folder(of path: String) -> String { path.lastIndex(of: "/").map { String(path[...$0]) } ?? "." }

    /// Blocks until nobody else has it, 5 s at most.
    init(of path: String) throws(TapError) {
        let folder = FolderLock.folder(of: path)
        file = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else {
            throw TapError(
                .output, printable(path), "its folder cannot be opened: \(Errno.last.words)",
                remedy: "name a file in a folder of yours")
        }
        for _ in 0..<FolderLock.tries {
            if flock(file, LOCK_EX | LOCK_NB) == 0 { return }
            usleep(FolderLock.pause_us)
        }
        close(file)
        throw TapError(
            .busy, printable(path), "is being written by another process", remedy: "try again, once that has ended")
    }

    func end() { close(file) }
}
