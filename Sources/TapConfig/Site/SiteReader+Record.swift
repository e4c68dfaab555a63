import TapCore

extension SiteReader {
    mutating func record(_ fields: Fields) {
        guard let node = fields["record"],
            let record = self.fields(node, of: "record", known: ["store", "keep", "keep-for"])
        else { return }
        require([("store", "store: /var/lib/tap/record")], in: record)
        let bytes = size("keep", record)
        let time = duration("keep-for", record)
        site.record = text("store", record, .path).map { Site.Record(store: $0, keepBytes: bytes, keepFor: time) }
    }

    /// A number of bytes, as `20 GB`.
    private func size(_ key: String, _ fields: Fields) -> UInt64? {
        guard let written = text(key, fields, .size) else { return nil }
        let words = written.split(separator: " ")
        guard let count = UInt64(words[0]), let unit = TextRule.sizes[String(words[1])] else { return nil }
        return count * unit
    }
}

extension TextRule {
    fileprivate static let sizes: [String: UInt64] = ["MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000]

    fileprivate static let size = TextRule(
        name: "size", form: "a whole number from 1 to 999999, a space, and MB, GB or TB", example: "20 GB", longest: 16
    ) { text in
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        return words.count == 2 && sizes[String(words[1])] != nil
            && UInt64(words[0]).map { (1...999_999).contains($0) } == true
    }
}
