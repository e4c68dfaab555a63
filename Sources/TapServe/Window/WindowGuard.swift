import NIOHTTP1
import TapCore

/// What is refused before anything is looked at, and what every answer says of itself.
enum WindowGuard {
    /// - Parameter names: under which browsers may ask.
    /// - Returns: nil: it may be answered.
    static func refusal(of head: HTTPRequestHead, names: [String]) -> WindowAnswer? {
        let isSaying = WindowStatement(target: head.uri) != nil
        guard head.method == (isSaying ? .POST : .GET) else {
            return .refusal(405, isSaying ? "this is said with POST" : "the window answers GET alone here")
        }
        guard head.uri.utf8.count <= WindowServer.longestTarget else {
            return .refusal(414, "the target of the request has more than \(WindowServer.longestTarget) bytes")
        }
        let hosts = head.headers["Host"]
        guard hosts.count == 1 else { return .refusal(400, "the request names no host, or several: name one") }
        // Another site's name that leads here would let its scripts read what is here (DNS rebinding).
        guard isOwn(hosts[0], names) else {
            return .refusal(421, "the window does not answer under this name: use its address, or --window-name")
        }
        if let refusal = isSaying ? contentRefusal(head.headers) : noContentRefusal(head.headers) { return refusal }
        let origins = head.headers["Origin"]
        guard origins.allSatisfy({ $0 == "http://\(hosts[0])" || $0 == "https://\(hosts[0])" }) else {
            return .refusal(403, "another site asks: open the window itself")
        }
        let isForeign = head.headers["Sec-Fetch-Site"].contains("cross-site")
        if isForeign, isSaying || !head.headers["Sec-Fetch-Mode"].contains("navigate") {
            return .refusal(403, "another site asks: open the window itself")
        }
        return nil
    }

    private static func noContentRefusal(_ headers: HTTPHeaders) -> WindowAnswer? {
        guard headers.contains(name: "Transfer-Encoding") || headers["Content-Length"].contains(where: { $0 != "0" })
        else { return nil }
        return .refusal(413, "the window takes no content here: ask with GET and nothing behind it")
    }

    /// No form of another site can send such content without asking first, which is never granted.
    private static func contentRefusal(_ headers: HTTPHeaders) -> WindowAnswer? {
        guard !headers.contains(name: "Transfer-Encoding"),
            let length = headers["Content-Length"].first.flatMap({ Int($0) })
        else { return .refusal(411, "the request does not say how long its content is: send Content-Length") }
        guard length <= WindowStatement.longest else {
            return .refusal(413, "the content has more than \(WindowStatement.longest) bytes")
        }
        let type = headers["Content-Type"].first?.prefix { $0 != ";" && $0 != " " }.lowercased()
        guard type == "application/json" else {
            return .refusal(415, "the content must be JSON: send Content-Type: application/json")
        }
        return nil
    }

    /// An address, `localhost` or one of the names, with whatever port: nobody else can make a name of those.
    static func isOwn(_ host: String, _ names: [String]) -> Bool {
        let name: Substring
        if host.hasPrefix("[") {
            let inner = host.dropFirst().prefix { $0 != "]" }
            guard inner.utf8.contains(UInt8(ascii: ":")), inner.utf8.allSatisfy({ isAddress($0) }) else { return false }
            return isPort(host.dropFirst(inner.count + 2))
        }
        name = host.prefix { $0 != ":" }
        guard isPort(host.dropFirst(name.count)) else { return false }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 4, parts.allSatisfy({ isDigits($0) && $0.count <= 3 }) { return true }
        let lower = name.lowercased()
        return lower == "localhost" || names.contains { $0.lowercased() == lower }
    }

    private static func isAddress(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.isEmpty || text.hasPrefix(":") && isDigits(text.dropFirst()) && text.count <= 6
    }

    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
        frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'
        """

    static func headers(type: String) -> HTTPHeaders {
        HTTPHeaders([
            ("Content-Type", type), ("Content-Security-Policy", policy), ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"), ("X-Frame-Options", "DENY"),
            ("Cache-Control", "no-store"), ("Connection", "close"),
        ])
    }
}
