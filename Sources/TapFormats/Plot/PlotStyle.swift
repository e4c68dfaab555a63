/// Colours and measures of pictures.
enum PlotStyle {
    // Okabe and Ito's colours, which are safe for colour-blind readers, and print in grey too.
    static let signal = "#0072b2"
    static let claim = "#7b3294"
    static let limit = "#b2182b"
    static let loss = "#d55e00"
    static let ink = "#222222"
    static let faint = "#767676"
    /// Darkens whatever is below it, so that it is seen within shaded spans as well.
    static let grid = "stroke=\"#000\" stroke-opacity=\"0.14\""

    static let gap = 11.0
    static let nameSize = 12.0
    static let smallSize = 10.5
    static let bandRow = 15.0

    static func band(_ kind: Plot.Band.Kind) -> (fill: String, text: String, opacity: Double) {
        switch kind {
        case .attack: ("#d55e00", "#a34700", 0.16)
        case .fault: ("#e69f00", "#8a5f00", 0.16)
        // Of these there is nearly always one.
        case .operation: ("#56b4e9", "#1f6f9f", 0.1)
        }
    }
}
