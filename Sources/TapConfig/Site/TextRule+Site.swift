import TapCore

extension TextRule {
    static let siteName = fileName("site name", example: "pump-station")

    /// Of a signal, a word, a tag, a source: what expressions name.
    static let siteTerm = TextRule(
        name: "name", form: "letters, digits and _, beginning with a letter, and no word of the language",
        example: "P1_FB", longest: 64
    ) { text in
        isMade(of: "_", text) && text.utf8.first.map(isLetter) == true && !SiteReader.reserved.contains(text)
    }

    /// Of an asset, a rule, a kind of work.
    static let siteEntry = TextRule(
        name: "name", form: "letters, digits, _ and -, not beginning with -", example: "siren-sounds", longest: 64,
        check: isPart)

    static let zone = TextRule(
        name: "time zone", form: "a name of the tz database", example: "Europe/Berlin", longest: 64
    ) { isMade(of: "_/+-", $0) }

    static let words = TextRule(name: "text", form: "text", example: "X2:1", longest: 200)
    static let path = TextRule(name: "path", form: "text", example: "claims.jsonl", longest: 1_024)
    static let host = TextRule(
        name: "host", form: "a name or an address", example: "10.0.0.5", longest: 255
    ) { isMade(of: ".:-_", $0) }
}
