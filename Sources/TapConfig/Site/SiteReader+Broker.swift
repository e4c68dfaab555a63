import TapCore

extension SiteReader {
    /// Beside `broker`, in `from`.
    static let brokerKeys = ["cafile", "cert", "key", "login"]
    /// Of a tag that a broker's messages say.
    static let messageKeys = ["topic", "member", "node", "metric"]

    func broker(_ from: Fields) -> SiteBroker {
        if from["cafile"] == nil {
            refuse(["cert", "key"], in: from, because: "because there is no TLS without 'cafile'")
        } else if from["cert"] != nil || from["key"] != nil {
            require([("cert", "cert: client.pem"), ("key", "key: client-key.pem")], in: from)
        }
        let port = integer("port", from, in: 1...65_535, example: "1883")
        var broker = SiteBroker(
            host: text("broker", from, .host) ?? "", port: port ?? (from["cafile"] == nil ? 1_883 : 8_883))
        broker.login = path("login", from)
        broker.authorities = path("cafile", from)
        broker.certificate = path("cert", from)
        broker.key = path("key", from)
        return broker
    }

    func message(_ name: String, _ fields: Fields, of source: SiteClaimSource) -> SiteMessage? {
        guard case .broker = source.origin else {
            refuse(Self.messageKeys, in: fields, because: "because no broker passes on what \(source.name) says")
            return nil
        }
        refuse(["at"], in: fields, because: "because a broker passes on messages by topic")
        guard fields["node"] != nil || fields["metric"] != nil else {
            guard fields["topic"] != nil else {
                mistakes.add(
                    fields.position, "tag \(name) has no topic", "and \(source.name) is what a broker passes on",
                    fix: "add 'topic: plant/level', or of Sparkplug B 'node: GROUP/NODE' and 'metric: NAME'")
                return nil
            }
            return text("topic", fields, .topic).map { .topic($0, member: text("member", fields, .words)) }
        }
        refuse(["topic", "member"], in: fields, because: "because 'node' and 'metric' say where it comes from")
        require([("node", "node: GROUP/NODE"), ("metric", "metric: NAME")], in: fields)
        guard let place = text("node", fields, .sparkplugNode).flatMap(SparkplugNode.init),
            let metric = text("metric", fields, .words)
        else { return nil }
        return .metric(metric, of: place)
    }
}

extension TextRule {
    fileprivate static let topic = TextRule(
        name: "topic", form: "one topic, without + and #, and not of Sparkplug", example: "plant/level", longest: 1_024
    ) { !$0.utf8.contains(where: "+#".utf8.contains) && !$0.hasPrefix("spBv1.0/") }

    fileprivate static let sparkplugNode = TextRule(
        name: "node", form: "GROUP/NODE or GROUP/NODE/DEVICE", example: "plant/edge1", longest: 1_024
    ) { SparkplugNode($0) != nil }
}
