// Unsafe here: C functions of the file system, with paths and an array that live as long as the call.

import Glibc
public import TapCore

/// How a broker is reached.
public struct BrokerOptions: Sendable, Hashable {
    public var host: String
    public var port: UInt16
    /// By which the broker knows this client: one at a time.
    public var client: String
    public var login: BrokerLogin?
    /// Paths of files in PEM.
    public struct TLS: Sendable, Hashable {
        /// By which the broker's certificate is checked, with its name.
        public var authorities: String
        /// With which this client shows who it is.
        public var certificate: String?
        public var key: String?

        public init(authorities: String, certificate: String? = nil, key: String? = nil) {
            (self.authorities, self.certificate, self.key) = (authorities, certificate, key)
        }
    }
    /// nil: what is sent can be read and changed on its way.
    public var tls: TLS?

    public init(host: String, port: UInt16, client: String) {
        (self.host, self.port, self.client) = (host, port, client)
    }

    /// What a client is called that nobody has named: the program, this machine and the process.
    public static func usualClient(_ program: String) -> String {
        var name = [CChar](repeating: 0, count: 65)
        unsafe gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return "\(program)-\(host.utf8.allSatisfy { (0x21..<0x7F).contains($0) } ? host : "host")-\(getpid())"
    }

    /// Opens the client once, without connecting. Blocks as long as small files take.
    ///
    /// - Throws: a file cannot be read, or is none of PEM.
    public func check() throws(TapError) {
        for path in [tls?.authorities, tls?.certificate, tls?.key] {
            guard let path else { continue }
            guard unsafe access(path, R_OK) == 0 else {
                throw TapError(
                    .configuration, printable(path), "cannot be read: \(Errno.last.words)",
                    remedy: "let it belong to the user that reads it")
            }
        }
    }

    /// Where it is, in words for people.
    public var place: String { host.contains(":") ? "[\(printable(host))]:\(port)" : "\(printable(host)):\(port)" }
}

/// By which a broker lets somebody in.
public struct BrokerLogin: Sendable, Hashable {
    public let user: String
    public let password: String

    static let longest = 1_024

    /// Of a file of two lines that nobody else may read.
    public init(path: String) throws(TapError) {
        func problem(_ what: String, _ remedy: String) -> TapError {
            TapError(.configuration, printable(path), what, remedy: remedy)
        }
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            throw problem("cannot be read: \(Errno.last.words)", "let it belong to the user that reads it")
        }
        defer { close(file) }
        var found = stat()
        guard unsafe fstat(file, &found) == 0, found.st_mode & S_IFMT == S_IFREG else {
            throw problem("is no file", "name another one")
        }
        guard found.st_mode & 0o027 == 0 else { throw problem("may be read or changed by others", "chmod 600 it") }
        var bytes = [UInt8](repeating: 0, count: BrokerLogin.longest + 1)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw problem("cannot be read: \(Errno.last.words)", "look at its medium") }
        let lines = String(validating: bytes.prefix(count), as: UTF8.self)?
            .split(separator: "\n", omittingEmptySubsequences: false)
        guard count <= BrokerLogin.longest, let lines, lines.count == 2 || lines.count == 3 && lines[2].isEmpty,
            !lines[0].isEmpty, !lines[0].utf8.contains(0), !lines[1].utf8.contains(0)
        else { throw problem("is not two lines", "write the user in the first one and the password in the second") }
        (user, password) = (String(lines[0]), String(lines[1]))
    }
}
