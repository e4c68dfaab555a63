import TapCore

extension SiteReader {
    private static let known = [
        "from", "every", "late", "silent-after", "by-exception", "retained", "tags", "repeats", "writes",
    ]

    mutating func claims(_ fields: Fields) {
        for (key, node) in entries("claims", fields, .siteTerm, form: "hmi: {from: {...}, every: 1s, tags: {...}}") {
            guard case .scalar(let name, _) = key.value, declare(name, "source", key.position) else { continue }
            if let source = source(name, node) { site.sources.append(source) }
        }
    }

    private mutating func source(_ name: String, _ node: Node) -> SiteClaimSource? {
        guard let fields = fields(node, of: "source \(name)", known: Self.known) else { return nil }
        require(
            [("every", "every: 1s"), ("late", "late: 150ms"), ("tags", "tags: {RUN: {at: 0, of: RUN}}")], in: fields)
        let second = Nanoseconds.milliseconds(1_000)
        let day = Nanoseconds.milliseconds(86_400_000)
        let every = time("every", fields)
        if let every, every > day {
            mistakes.add(fields.position(of: "every"), "every is longer than a day", fix: "write at most 24h")
        }
        var source = SiteClaimSource(
            name: name, origin: origin(fields), every: min(every ?? second, day),
            late: time("late", fields, mayBeZero: true) ?? .zero, silentAfter: span("silent-after", fields),
            isByException: boolean("by-exception", fields) ?? false, isRetained: boolean("retained", fields) ?? false)
        if let node = fields["tags"] {
            for (key, node) in entries(node, "tags", .siteTerm, form: "RUN: {at: 0, of: RUN}") {
                guard case .scalar(let tag, _) = key.value,
                    declare("\(name).\(tag)", "tag", key.position)
                else { continue }
                guard let (tag, fields) = self.tag(tag, node, of: source) else { continue }
                if let message = tag.message, let other = source.tags.first(where: { $0.message == message }) {
                    mistakes.add(
                        fields.position, "tag \(tag.name) is said by the same messages as \(other.name)",
                        fix: "change the 'topic', 'member' or 'metric' of one of them")
                }
                pending.append(((site.sources.count, source.tags.count), fields))
                vocabulary.tags["\(name).\(tag.name)"] = (TagName(source: name, tag: tag.name), tag)
                source.tags.append(tag)
            }
        }
        vocabulary.sources.insert(name)
        source.repeats = repeats(fields, source)
        source.writes = writes(fields)
        if source.writes != nil, source.tags.contains(where: { $0.name == BusWrite.tag }) {
            mistakes.add(
                fields.position(of: "writes"), "tag '\(BusWrite.tag)' is the name of what is written to \(name)",
                fix: "rename the tag")
        }
        return source
    }

    private func origin(_ fields: Fields) -> SiteClaimSource.Origin {
        guard let node = fields["from"] else { return .given }
        let kinds = ["heard", "packets", "poll", "file", "socket", "broker"]
        let keys = kinds + ["unit", "function", "server", "host", "port"] + Self.brokerKeys
        guard let from = self.fields(node, of: "from", known: keys) else { return .given }
        // Beside packets, a socket says how a session gets them.
        let present = kinds.filter { from[$0] != nil && ($0 != "socket" || from["packets"] == nil) }
        guard present.count == 1 else {
            mistakes.add(
                from.position, present.isEmpty ? "from does not say where claims come from" : "from has two origins",
                fix:
                    "write one of heard: LINE, packets: INTERFACE or FILE, poll: modbus-tcp, file: claims.jsonl, socket: claims.sock, broker: HOST"
            )
            return .given
        }
        func number(_ key: String, _ range: ClosedRange<Int>, _ example: String) -> Int? {
            integer(key, from, in: range, example: example)
        }
        if present[0] != "broker" { refuse(Self.brokerKeys, in: from, because: "because no 'broker' is named") }
        let unit = number("unit", 0...255, "1")
        let function = number("function", 1...4, "3")
        let port = number("port", 1...65_535, "502") ?? 502
        switch present[0] {
        case "heard":
            require([("unit", "unit: 1")], in: from)
            refuse(["server", "host", "port"], in: from, because: "because a serial line has none")
            return .heard(lines: heardLines(from), unit: unit ?? 1, function: function)
        case "packets":
            refuse(["host"], in: from, because: "because tap only listens; 'server' picks one")
            return .packets(
                of: text("packets", from, .path) ?? "", server: text("server", from, .host), port: port, unit: unit,
                function: function, socket: socket(from))
        case "poll":
            _ = choice("poll", from, ["modbus-tcp"])
            require([("host", "host: 10.0.0.5")], in: from)
            refuse(["server"], in: from, because: "because 'host' is asked")
            return .poll(
                host: text("host", from, .host) ?? "", port: port, unit: unit ?? 1, function: function ?? 3)
        case "broker":
            let why = "because a broker passes on messages by topic"
            refuse(["unit", "function", "server", "host"], in: from, because: why)
            return .broker(broker(from))
        case "socket":
            let why = "because claims come by name through a socket"
            refuse(["unit", "function", "server", "host", "port"], in: from, because: why)
            return .socket(socket(from) ?? "")
        default:
            let why = "because the file has claims by name"
            refuse(["unit", "function", "server", "host", "port"], in: from, because: why)
            let path = text("file", from, .path) ?? ""
            return .file(path == "-" || path.hasPrefix("/") ? path : (folder ?? "") + path)
        }
    }

    private func socket(_ from: Fields) -> String? {
        path("socket", from)
    }

    func path(_ key: String, _ from: Fields) -> String? {
        text(key, from, .path).map { $0.hasPrefix("/") ? $0 : (folder ?? "") + $0 }
    }

    /// One line, or two where questions and answers have a wire each.
    private func heardLines(_ from: Fields) -> [String] {
        guard let node = from["heard"] else { return [] }
        var items = [node]
        if case .list(let several) = node.value { items = several }
        if items.isEmpty || items.count > 2 {
            mistakes.add(node.position, "heard has \(items.count) lines", fix: "write one, or two for both directions")
        }
        return items.compactMap { item in
            guard let line = text(item, "heard", .siteTerm) else { return nil }
            let signal = site.signals.first { $0.name == line }
            guard let signal, signal.role == .bus else {
                mistakes.add(
                    item.position, "heard \(quoted(line)) is no bus",
                    fix: signal == nil
                        ? guess(line, in: site.signals.filter { $0.role == .bus }.map(\.name))
                            ?? "add it to signals with 'role: bus' and 'uart: \"19200,8e1\"'"
                        : "write 'role: bus' and 'uart: \"19200,8e1\"' at that signal")
                return nil
            }
            return line
        }
    }

    private func repeats(_ fields: Fields, _ source: SiteClaimSource) -> SiteClaimSource.Repeats? {
        guard let node = fields["repeats"],
            let repeats = self.fields(node, of: "repeats", known: ["tags", "span", "within"])
        else { return nil }
        require([("tags", "tags: [LEVEL]"), ("span", "span: 60 polls"), ("within", "within: 24h")], in: repeats)
        var tags: [String] = []
        for item in list("tags", repeats, form: "- LEVEL", atLeastOne: true) {
            guard let tag = text(item, "an item of tags", .siteTerm) else { continue }
            if !source.tags.contains(where: { $0.name == tag }) {
                mistakes.add(
                    item.position, "tag \(quoted(tag)) is not among the tags of \(source.name)",
                    fix: guess(tag, in: source.tags.map(\.name)) ?? "name tags of this source")
            }
            tags.append(tag)
        }
        let span = span("span", repeats)
        if case .polls(let count) = span, count < 20 {
            // Of 179,395 windows of 20 polls in normal operation none came twice, of 10 polls 121.
            mistakes.add(
                repeats.position(of: "span"), "span is \(count) polls", "which ordinary days repeat by chance",
                fix: "write at least 20 polls")
        }
        guard let span, let within = time("within", repeats) else { return nil }
        return SiteClaimSource.Repeats(tags: tags, span: span, within: within)
    }

    private func writes(_ fields: Fields) -> SiteClaimSource.Writes? {
        guard let node = fields["writes"],
            let writes = self.fields(node, of: "writes", known: ["allowed"]), let allowed = writes["allowed"]
        else { return nil }
        if case .scalar("none", _) = allowed.value { return SiteClaimSource.Writes.none }
        let items = list("allowed", writes, form: "- 11..14", atLeastOne: true)
        return .addresses(
            items.compactMap { item in
                guard case .scalar(let text, _) = item.value else { return nil }
                let parts = text.split(separator: "..", omittingEmptySubsequences: false).map(String.init)
                let ends = parts.compactMap { isDigits($0) ? Int($0) : nil }
                guard ends.count == parts.count, let low = ends.first, let high = ends.last, parts.count <= 2,
                    low <= high, high <= 65_535
                else {
                    mistakes.add(
                        item.position, "\(quoted(text)) is no address of registers",
                        fix: "write for example 11 or 11..14")
                    return nil
                }
                return low...high
            })
    }
}
