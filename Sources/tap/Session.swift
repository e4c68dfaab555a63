import TapConfig
import TapCore
import TapDriver
import TapFormats
import TapSim

struct SessionOptions {
    var gpiod = GpiodOptions()
    var ringCapacity = 1 << 16
    var realTime = RealTimeOptions()
    var duration: Nanoseconds?
    var count: UInt64?
    var isQuiet = false
}

/// Wires sources, rings, merge and writer together for `tap capture`, and runs them on real threads.
final class Session {
    private let board: Board
    private let options: SessionOptions
    private let clock = SystemClock()
    private var stages: [any Capturing] = []
    private var rings: [RingConsumer?] = []
    private var inputs: [MergeInput] = []
    private var fix: ClockFix?
    private var origin = Timestamp.zero

    /// Builds the sources for what was named. Opens nothing.
    init(_ board: Board, lines: [String], channels: [String], options: SessionOptions) throws(TapError) {
        self.board = board
        self.options = options
        let lineSelection = try board.selectLines(named: lines)
        let channelSelection = try board.selectChannels(named: channels)
        if board.simulated == nil {
            try BoardMatch.check(board)
            add(ClockFixSource(), lines: 0..<0, devices: 0..<0)
        }
        add(lineSelection)
        add(channelSelection)
    }
}
