import TapCore

/// YAML as tap writes it.
enum YAMLText {
    /// In double quotes where it could be read as anything but this text.
    static func scalar(_ text: String) -> String {
        let isWord = isMade(of: "_-.", text) && text.utf8.first.map(isLetter) == true
        // What YAML 1.1 takes for a truth value or for nothing.
        let others = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
        return isWord && !others.contains(text.lowercased()) ? text : quoted(text)
    }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where isDangerous(scalar):
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// nil: there is nothing to write.
    static func some(_ text: String) -> String? { text.isEmpty ? nil : scalar(text) }

    /// On one line; members without a value are left out.
    static func map(_ members: [(String, String?)]) -> String {
        "{" + members.compactMap { key, value in value.map { "\(key): \($0)" } }.joined(separator: ", ") + "}"
    }
}
