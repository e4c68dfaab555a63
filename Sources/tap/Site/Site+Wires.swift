import TapConfig

// What of a board a site asks for.

extension Site {
    var lines: [String] {
        signals.compactMap { if case .line(let name) = $0.wire { name } else { nil } }
    }

    var channels: [String] {
        signals.compactMap { if case .channel(let name) = $0.wire { name } else { nil } }
    }
}
