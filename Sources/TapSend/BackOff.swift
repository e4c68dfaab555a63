import TapCore

/// How long to wait before the next try: 1 s, twice as long each time, at most a minute.
struct BackOff: Sendable {
    static let shortest = Nanoseconds.seconds(1)
    static let longest = Nanoseconds.seconds(60)

    private var pause = shortest

    mutating func next() -> Nanoseconds {
        defer { pause = min(pause + pause, BackOff.longest) }
        return pause
    }

    mutating func reset() { pause = BackOff.shortest }
}
