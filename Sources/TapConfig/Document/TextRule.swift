import TapCore

/// What a text of a file may be.
package struct TextRule: Sendable {
    /// As it is called in a message, without an article.
    var name: String
    /// In words, what it is made of.
    var form: String
    var example: String
    /// Characters (Unicode scalars).
    var longest: Int
    var mayHaveLines = false
    var check: @Sendable (String) -> Bool = { _ in true }

    package func isMet(by text: String) -> Bool { check(text) }

    package init(
        name: String, form: String, example: String, longest: Int, mayHaveLines: Bool = false,
        check: @escaping @Sendable (String) -> Bool = { _ in true }
    ) {
        self.name = name
        self.form = form
        self.example = example
        self.longest = longest
        self.mayHaveLines = mayHaveLines
        self.check = check
    }

    package static let title = TextRule(name: "title", form: "text", example: "Press line 3", longest: 120)
    package static let note = TextRule(name: "note", form: "text", example: "text", longest: 4_000, mayHaveLines: true)

    /// What a file is called, without its ending.
    package static func fileName(_ name: String, example: String) -> TextRule {
        TextRule(
            name: name, form: "lower case letters, digits and single hyphens, as the file is called without .yaml",
            example: example, longest: 64, check: isHyphenated)
    }
}

/// Letters (ASCII), digits and what `others` has.
package func isMade(of others: String, _ text: some StringProtocol) -> Bool {
    text.utf8.allSatisfy { isLetter($0) || isDigit($0) || others.utf8.contains($0) }
}

@Sendable
private func isHyphenated(_ text: String) -> Bool {
    text.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty && part.utf8.allSatisfy { isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    }
}

/// Letters, digits, `_` and `-`, not beginning with a hyphen.
@Sendable
package func isPart(_ text: String) -> Bool {
    isMade(of: "_-", text) && !text.isEmpty && !text.hasPrefix("-")
}

package func hasSpace(_ text: String) -> Bool { text.unicodeScalars.contains { $0.properties.isWhitespace } }
