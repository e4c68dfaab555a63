/// An MQTT broker to which a session subscribes. Paths are as they are found from here.
public struct SiteBroker: Sendable, Hashable {
    /// A name or an address.
    public var host: String
    public var port: Int
    /// A file of two lines, a user and a password; nil: no login.
    public var login: String?
    /// Certificates of authorities, in PEM, by which the broker's is checked; nil: no TLS.
    public var authorities: String?
    /// This client's certificate and its key, in PEM; both or none.
    public var certificate: String?
    public var key: String?

    public init(host: String, port: Int) { (self.host, self.port) = (host, port) }
}

/// Which messages of a broker say a tag.
public enum SiteMessage: Sendable, Hashable {
    /// Plain ones: the whole of it, or a member of a JSON object.
    case topic(String, member: String?)
    /// Sparkplug B: a metric of an edge node, or of one of its devices.
    case metric(String, of: SparkplugNode)
}

/// An edge node of Sparkplug B, or one of its devices.
public struct SparkplugNode: Sendable, Hashable, CustomStringConvertible {
    public var group: String
    public var node: String
    /// nil: the node itself.
    public var device: String?

    public init(group: String, node: String, device: String? = nil) {
        (self.group, self.node, self.device) = (group, node, device)
    }

    /// From `GROUP/NODE` or `GROUP/NODE/DEVICE`; nil: it is none.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }),
            !text.utf8.contains(where: "+#".utf8.contains)
        else { return nil }
        self.init(group: parts[0], node: parts[1], device: parts.count == 3 ? parts[2] : nil)
    }

    public var description: String { "\(group)/\(node)" + (device.map { "/\($0)" } ?? "") }
}
