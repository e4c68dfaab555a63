// Unsafe here: addresses and buffers, lent to the system for one call.

import Glibc
package import TapCore

/// A stream socket of unix(7), by its descriptor: whoever has one closes it. No call blocks. Not thread-safe.
package struct UnixSocket: Sendable, Hashable {
    package let descriptor: Int32

    /// Bytes of a path at most.
    package static let longestPath = 107

    /// - Throws: where the system has no more descriptors.
    package static func make() throws(Errno) -> UnixSocket {
        let made = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard made >= 0 else { throw Errno.last }
        return UnixSocket(descriptor: made)
    }

    package func close() { _ = Glibc.close(descriptor) }

    /// What waits there is not longer than a path may be.
    private static func with(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) throws(Errno) {
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.count <= longestPath, !bytes.contains(0) else { throw Errno.nameTooLong }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else { throw Errno.last }
    }

    package func connect(to path: String) throws(Errno) {
        try unsafe UnixSocket.with(path) { unsafe Glibc.connect(descriptor, $0, $1) }
    }

    /// Makes the socket's file, for its owner and its group, and listens on it.
    func listen(on path: String) throws(Errno) {
        try unsafe UnixSocket.with(path) { unsafe bind(descriptor, $0, $1) }
        guard unsafe chmod(path, 0o660) == 0, Glibc.listen(descriptor, 16) == 0 else {
            let error = Errno.last
            unsafe unlink(path)
            throw error
        }
    }

    /// nil: nobody wants to be connected now.
    func accept() -> UnixSocket? {
        let taken = Glibc.accept(descriptor, nil, nil)
        guard taken >= 0 else { return nil }
        _ = fcntl(taken, F_SETFL, O_NONBLOCK)
        _ = fcntl(taken, F_SETFD, FD_CLOEXEC)
        return UnixSocket(descriptor: taken)
    }

    /// Who is at the other end; nil: the kernel does not say.
    var user: UInt32? {
        // struct ucred: process, user, group.
        var found: (Int32, UInt32, UInt32) = (0, 0, 0)
        var size = socklen_t(MemoryLayout.size(ofValue: found))
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &found, &size) == 0 else { return nil }
        return found.1
    }

    /// Sends as much as there is room for. - Returns: how many bytes; 0: none now.
    package func send(_ bytes: ArraySlice<UInt8>) throws(Errno) -> Int {
        let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        guard count < 0 else { return count }
        let error = Errno.last
        if error == .wouldBlock || error == .interrupted { return 0 }
        throw error
    }

    /// Receives into a part of an array. - Returns: how many bytes; 0: the other end is closed; nil: nothing is there now.
    func receive(into bytes: inout [UInt8], from start: Int) throws(Errno) -> Int? {
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe read(descriptor, $0.baseAddress! + start, $0.count - start)
        }
        guard count < 0 else { return count }
        let error = Errno.last
        if error == .wouldBlock || error == .interrupted { return nil }
        throw error
    }
}

/// A Unix socket on which claims are taken, and its file, which goes with it. Not thread-safe; never blocks.
struct UnixListener: ~Copyable, Sendable {
    private let socket: UnixSocket
    private let path: String
    /// Of the file.
    private let identity: (device: UInt, number: UInt)

    /// - Throws: that somebody listens there, or that the file cannot be made.
    init(_ path: String) throws(TapError) {
        let socket: UnixSocket
        do throws(Errno) {
            try UnixListener.clear(path)
            socket = try .make()
            do throws(Errno) { try socket.listen(on: path) } catch {
                socket.close()
                throw error
            }
        } catch { throw UnixListener.refusal(error, printable(path)) }
        var found = stat()
        _ = unsafe lstat(path, &found)
        self.init(socket, path, (UInt(found.st_dev), UInt(found.st_ino)))
    }

    private init(_ socket: UnixSocket, _ path: String, _ identity: (UInt, UInt)) {
        (self.socket, self.path, self.identity) = (socket, path, identity)
    }

    deinit {
        socket.close()
        var found = stat()
        guard unsafe lstat(path, &found) == 0, UInt(found.st_dev) == identity.device,
            UInt(found.st_ino) == identity.number
        else { return }
        unsafe unlink(path)
    }

    /// A socket's file on which nobody listens any more is removed.
    private static func clear(_ path: String) throws(Errno) {
        var found = stat()
        guard unsafe lstat(path, &found) == 0 else { return }
        guard found.st_mode & S_IFMT == S_IFSOCK else { throw .exists }
        let probe = try UnixSocket.make()
        defer { probe.close() }
        do throws(Errno) { try probe.connect(to: path) } catch {
            guard error == Errno(ECONNREFUSED) else { throw error }
            unsafe unlink(path)
            return
        }
        throw Errno(EADDRINUSE)
    }

    private static func refusal(_ error: Errno, _ name: String) -> TapError {
        switch error {
        case Errno(EADDRINUSE):
            TapError(.busy, name, "is listened on by another process", remedy: "end it, or name another 'socket'")
        case .exists:
            TapError(.configuration, name, "is a file, and no socket", remedy: "name another 'socket', or delete it")
        case .nameTooLong:
            TapError(
                .configuration, name, "is no path of a Unix socket",
                remedy: "give it 1 to \(UnixSocket.longestPath) bytes")
        default:
            TapError(
                .device, name, "cannot be listened on: \(error.words)",
                remedy: "name a 'socket' in a folder that this user may write to")
        }
    }

    func accept() -> UnixSocket? { socket.accept() }
}
