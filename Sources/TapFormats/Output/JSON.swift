import TapCore

/// JSON text, as much of it as tap writes.
public enum JSON {
    /// A string in quotes, escaped as RFC 8259 wants it, with whatever could drive a terminal escaped too.
    public static func string(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            // RFC 8259 wants those below a space; a terminal wants the others.
            case _ where isDangerous(scalar):
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    public static func array(_ items: [String]) -> String { "[" + items.joined(separator: ",") + "]" }

    /// - Parameter members: names and values that are JSON already; those without a value are left out.
    public static func object(_ members: [(String, String?)]) -> String {
        "{" + members.compactMap { name, value in value.map { string(name) + ":" + $0 } }.joined(separator: ",") + "}"
    }

    /// A number; null where JSON has none (infinite, not a number).
    public static func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "null" }
}
