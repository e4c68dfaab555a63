import TapCore

/// The texts of a board file: the same as in boards/board.schema.json. Names of lines and channels are those of scenarios
/// and profiles too.
extension TextRule {
    static let boardName = fileName("board name", example: "press-line-3")

    static let label = TextRule(name: "chip label", form: "text", example: "pinctrl-bcm2711", longest: 31)
    static let pin = TextRule(name: "pin", form: "text", example: "J8-11", longest: 40)
    static let function = TextRule(name: "function", form: "text", example: "\"UART TXD\"", longest: 120)

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

    static let compatible = TextRule(
        name: "device tree compatible", form: "maker,model as in /proc/device-tree/compatible",
        example: "raspberrypi,4-model-b", longest: 128
    ) { text in
        let parts = text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[1].isEmpty && isMade(of: ".+_-", parts[0]) && isMade(of: ".,+_-", parts[1])
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
