#if IIO

    /// The kinds of context, by the URI.
    enum IIOAddress: Hashable {
        case local
        /// Describes a context, captures nothing.
        case xml
        /// nil: no host is named, libiio looks for one.
        case network(IIOHost?)
        /// `usb:` and `serial:`.
        case other

        init(_ uri: String) {
            if uri == "local:" {
                self = .local
            } else if uri.hasPrefix("xml:") {
                self = .xml
            } else if uri.hasPrefix("ip:") {
                self = .network(IIOHost(uri.dropFirst(3)))
            } else {
                self = .other
            }
        }

        var isRemote: Bool { self != .local && self != .xml }
    }

    struct IIOHost: Hashable {
        /// Where IIOD listens (libiio `network.h`).
        static let defaultPort = "30431"

        var host: String
        var port = IIOHost.defaultPort

        /// As libiio 0.2x reads it (`network_create_context`): HOST, HOST:PORT, IPv6, [IPv6]:PORT; nil if it is empty.
        init?(_ text: Substring) {
            guard let first = text.firstIndex(of: ":"), let last = text.lastIndex(of: ":") else {
                host = String(text)
                if text.isEmpty { return nil }
                return
            }
            if first == last {
                host = String(text[..<first])
                port = String(text[text.index(after: first)...])
            } else if text[..<last].hasSuffix("]"), text.hasPrefix("[") {
                host = String(text[..<last].dropFirst().dropLast())
                port = String(text[text.index(after: last)...])
            } else {
                host = String(text)
            }
        }
    }

#endif
