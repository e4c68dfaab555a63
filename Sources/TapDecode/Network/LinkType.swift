/// How the packets of a capture begin (the LINKTYPE registry of tcpdump.org).
public enum LinkType: UInt16, Sendable, Hashable {
    case null = 0
    case ethernet = 1
    case raw = 101
    /// What Linux gives for the interface "any".
    case linuxCooked = 113
    case ipv4 = 228
    case ipv6 = 229
    case linuxCooked2 = 276
}
