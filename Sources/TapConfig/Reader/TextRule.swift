import TapCore

/// What a text of a board file may be. The same as in boards/board.schema.json.
struct TextRule: Sendable {
    /// As it is called in a message, without an article.
    var name: String
    /// In words, what it is made of.
    var form: String
    var example: String
    /// Characters (Unicode scalars).
    var longest: Int
    var mayHaveLines = false
    fileprivate var check: @Sendable (String) -> Bool = { _ in true }

    func isMet(by text: String) -> Bool { check(text) }

    static let title = TextRule(name: "title", form: "text", example: "Press line 3", longest: 120)
    static let label = TextRule(name: "chip label", form: "text", example: "pinctrl-bcm2711", longest: 31)
    static let pin = TextRule(name: "pin", form: "text", example: "J8-11", longest: 40)
    static let function = TextRule(name: "function", form: "text", example: "\"UART TXD\"", longest: 120)
    static let note = TextRule(name: "note", form: "text", example: "text", longest: 4_000, mayHaveLines: true)

    static let boardName = TextRule(
        name: "board name", form: hyphenated, example: "press-line-3", longest: 64, check: isHyphenated)

    static let scenarioName = TextRule(
        name: "scenario name", form: hyphenated, example: "bounce", longest: 64, check: isHyphenated)

    private static let hyphenated =
        "lower case letters, digits and single hyphens, as the file is called without .yaml"

    static let waveName = TextRule(
        name: "wave name", form: "letters, digits, _ and -, not beginning with -", example: "flow", longest: 64,
        check: isPart)

    static let compatible = TextRule(
        name: "device tree compatible", form: "maker,model as in /proc/device-tree/compatible",
        example: "raspberrypi,4-model-b", longest: 128
    ) { text in
        let parts = text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[1].isEmpty && isMade(of: ".+_-", parts[0]) && isMade(of: ".,+_-", parts[1])
    }

    static let lineName = TextRule(
        name: "line name", form: "letters, digits and _ . : = + / # -, without spaces, not beginning with - . : #",
        example: "GPIO17", longest: 64
    ) { text in
        isMade(of: "_.:=+/#-", text) && isMade(of: "_=+/", text.prefix(1))
    }

    /// Of an ADC or a channel.
    static let channelName = TextRule(
        name: "channel or ADC name", form: "letters, digits, _ and -, without dots and spaces", example: "AIN0",
        longest: 64, check: isPart)

    static let channelAddress = TextRule(
        name: "channel address", form: "the ADC's name, a dot and the channel's name", example: "plant.level",
        longest: 129
    ) { text in
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { isPart(String($0)) && $0.utf8.count <= 64 }
    }

    static let device = TextRule(
        name: "IIO device name", form: "without spaces, with at most one * for what the kernel numbers",
        example: "ads1015", longest: 128
    ) { text in
        !hasSpace(text) && text.utf8.count > 1 && text.utf8.count { $0 == UInt8(ascii: "*") } <= 1
    }

    static let driver = TextRule(
        name: "kernel module", form: "letters, digits, _ and -", example: "ti-ads1015", longest: 64
    ) { isMade(of: "_-", $0) }

    static let context = TextRule(
        name: "libiio context", form: "local: or an address after ip:, usb:, serial: or xml:", example: "\"local:\"",
        longest: 256
    ) { text in
        text == "local:" || (!hasSpace(text) && ["ip:", "usb:", "serial:", "xml:"].contains { text.hasPrefix($0) })
    }

    static let trigger = TextRule(
        name: "IIO trigger", form: "a name without spaces", example: "tap-trigger", longest: 128
    ) { !hasSpace($0) }

    static let iioChannel = TextRule(
        name: "IIO channel", form: "a lower case letter, then those, digits, _ and -", example: "voltage0", longest: 64
    ) { text in
        isMade(of: "_-", text) && text == text.lowercased() && text.utf8.first.map(isLetter) == true
    }
}

/// Letters (ASCII), digits and what `others` has.
private func isMade(of others: String, _ text: some StringProtocol) -> Bool {
    text.utf8.allSatisfy { isLetter($0) || isDigit($0) || others.utf8.contains($0) }
}

@Sendable
private func isHyphenated(_ text: String) -> Bool {
    text.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty && part.utf8.allSatisfy { isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    }
}

@Sendable
private func isPart(_ text: String) -> Bool {
    isMade(of: "_-", text) && !text.isEmpty && !text.hasPrefix("-")
}

private func hasSpace(_ text: String) -> Bool { text.unicodeScalars.contains { $0.properties.isWhitespace } }
