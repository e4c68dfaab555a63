package import TapCore

/// How long to wait before the next try: 1 s, twice as long each time, at most a minute.
package struct BackOff: Sendable {
    static let shortest = Nanoseconds.seconds(1)
    package static let longest = Nanoseconds.seconds(60)

    private var pause = shortest

    package init() {}

    package mutating func next() -> Nanoseconds {
        defer { pause = min(pause + pause, BackOff.longest) }
        return pause
    }

    package mutating func reset() { pause = BackOff.shortest }
}
