import TapCore

/// What is claimed of a tag within the picture's span. Takes a bounded room whatever comes.
struct ClaimTrace {
    private(set) var content: PlotLane.Content?
    private static let mostWords = 10_000

    /// Of the kind that its first one has: claims of another are not drawn.
    ///
    /// - Parameter x: in columns.
    mutating func add(_ value: Claim.Value, at x: Double) {
        switch (value, content) {
        case (.bool(let isTrue), nil), (.bool(let isTrue), .claimedLevel):
            var trace = DigitalTrace(columns: PlotWriter.columns)
            if case .claimedLevel(let so) = content { trace = so }
            content = nil
            trace.set(isTrue, at: x)
            content = .claimedLevel(trace)
        case (.number(let number), nil), (.number(let number), .claimedValue):
            var trace = AnalogTrace(columns: PlotWriter.columns)
            if case .claimedValue(let so) = content { trace = so }
            content = nil
            trace.add(number, at: x)
            content = .claimedValue(trace)
        case (.text(let text), nil), (.text(let text), .claimedText):
            var words: [(x: Double, text: String)] = []
            if case .claimedText(let so) = content { words = so }
            guard words.last?.text != text.text, words.count < ClaimTrace.mostWords else { return }
            content = nil
            words.append((x, text.text))
            content = .claimedText(words)
        default: break
        }
    }
}
