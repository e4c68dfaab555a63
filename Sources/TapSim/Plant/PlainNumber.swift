import TapCore

/// Numbers in sentences.
enum PlainNumber {
    static func text(_ value: Double) -> String {
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    static func seconds(_ span: Nanoseconds) -> String { "\(text(Double(span.count) * 1e-9)) s" }
}
