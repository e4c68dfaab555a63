import TapCore

/// One row of a picture.
struct PlotLane {
    enum Content {
        case digital(DigitalTrace)
        case analog(AnalogTrace)
        /// A claim that is true or false.
        case claimedLevel(DigitalTrace)
        case claimedValue(AnalogTrace)
        /// Words, each from its place on.
        case claimedText([(x: Double, text: String)])
    }

    let name: String
    let unit: String
    let content: Content
    /// In columns.
    let losses: [ClosedRange<Double>]

    init(_ name: String, unit: String = "", _ content: Content, losses: [ClosedRange<Double>] = []) {
        self.name = name
        self.unit = unit
        self.content = content
        self.losses = losses
    }

    var height: Double {
        switch content {
        case .digital: 26
        case .claimedLevel, .claimedText: 22
        case .analog, .claimedValue: 88
        }
    }
}
