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

    /// Of Helvetica, whose widths Arial and Liberation Sans share, from the space on: thousandths of the size.
    private static let widths: [Double] = [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556,
        556,
        556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556,
        833,
        722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500,
        556,
        556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500,
        334,
        260, 334, 584,
    ]

    /// How wide a text is, with a sixth to spare for a face that is wider.
    static func width(_ text: String, size: Double) -> Double {
        let units = text.unicodeScalars.reduce(0.0) { sum, scalar in
            let index = Int(scalar.value) - 32
            // Letters of the East are as wide as they are high.
            return sum + (widths.indices.contains(index) ? widths[index] : scalar.value < 0x2E80 ? 600 : 1_000)
        }
        return units / 1_000 * size * 1.16
    }

    /// Cut to a width, with dots where something is left out.
    static func fitted(_ text: String, size: Double, width: Double) -> String {
        guard SVGText.width(text, size: size) > width else { return text }
        var cut = text
        while !cut.isEmpty, SVGText.width(cut + "\u{2026}", size: size) > width { cut.removeLast() }
        return cut + "\u{2026}"
    }

    /// In lines, broken at spaces.
    static func wrapped(_ text: String, size: Double, width: Double) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, SVGText.width(last + " " + word, size: size) <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(fitted(String(word), size: size, width: width))
            }
        }
        return lines
    }
}
