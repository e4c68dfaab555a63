/// Where something is published: under `tap/` and a name of the site. There is no other way to make one.
///
/// `tap/pump-station/incident/1`, `tap/pump-station/heartbeat`, `tap/pump-station/status`.
public struct SendTopic: Sendable, Hashable, CustomStringConvertible {
    /// What stands for the site: letters, digits, `.`, `_` and `-` of ASCII, so nothing that ends a level, stands for several
    /// topics, or ends a text in C.
    public struct Site: Sendable, Hashable, CustomStringConvertible {
        public static let longest = 64

        public let description: String

        /// nil: it cannot stand in a topic, or is that of Sparkplug, by which others would take what follows for commands.
        public init?(_ name: String) {
            let isName = name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "._-".utf8.contains(byte)
            }
            guard isName, (1...Site.longest).contains(name.utf8.count), name.lowercased() != "spbv1.0" else {
                return nil
            }
            description = name
        }
    }

    public let description: String

    private init(_ site: Site, _ rest: String) { description = "tap/\(site)/\(rest)" }

    public static func incident(_ number: UInt64, of site: Site) -> SendTopic { SendTopic(site, "incident/\(number)") }
    public static func heartbeat(of site: Site) -> SendTopic { SendTopic(site, "heartbeat") }
    public static func status(of site: Site) -> SendTopic { SendTopic(site, "status") }
}
