import TapCore

/// The text of an SVG file, element by element. Lengths are user units, a pixel each.
struct SVGText {
    private(set) var text = ""

    mutating func raw(_ line: String) { text += line + "\n" }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
        raw(
            "<line x1=\"\(SVGText.n(x1))\" y1=\"\(SVGText.n(y1))\" x2=\"\(SVGText.n(x2))\" y2=\"\(SVGText.n(y2))\" \(style)/>"
        )
    }

    mutating func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String) {
        raw(
            "<rect x=\"\(SVGText.n(x))\" y=\"\(SVGText.n(y))\" width=\"\(SVGText.n(width))\" height=\"\(SVGText.n(height))\" \(style)/>"
        )
    }

    mutating func path(_ data: String, _ style: String) {
        guard !data.isEmpty else { return }
        raw("<path d=\"\(data)\" \(style)/>")
    }

    mutating func label(_ text: String, _ x: Double, _ y: Double, _ style: String) {
        raw("<text x=\"\(SVGText.n(x))\" y=\"\(SVGText.n(y))\" \(style)>\(xmlText(text))</text>")
    }

    /// At most a tenth of a pixel off.
    static func n(_ value: Double) -> String {
        let text = PlotAxis.fixed(value, 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// About how wide a text is: a sans-serif face has half its size a letter, capitals and digits a little more.
    static func width(_ text: String, size: Double) -> Double {
        var units = 0.0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "i"), UInt8(ascii: "l"), UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: " "),
                UInt8(ascii: "j"), UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "I"):
                units += 0.34
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "m"), UInt8(ascii: "w"): units += 0.72
            default: units += 0.6
            }
        }
        return units * size
    }

    /// Cut to a width, with dots where something is left out.
    static func fitted(_ text: String, size: Double, width: Double) -> String {
        guard SVGText.width(text, size: size) > width else { return text }
        var cut = text
        while !cut.isEmpty, SVGText.width(cut, size: size) + 0.6 * size > width { cut.removeLast() }
        return cut + "\u{2026}"
    }
}
