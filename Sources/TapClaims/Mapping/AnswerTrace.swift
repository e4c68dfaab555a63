import TapCore
import TapDecode

/// The answers to one question, and what the wires were at each: rows of a table.
struct AnswerTrace: Sendable {
    struct Question: Sendable, Hashable {
        var unit: UInt8
        var table: ModbusTable
        var address: UInt16
        var count: UInt16
    }

    let question: Question
    let lines: Int
    let channels: Int
    private(set) var times: [Int64] = []
    /// Row by row.
    private(set) var words: [UInt16] = []
    private(set) var rises: [UInt32] = []
    private(set) var values: [Float] = []
    /// How many answers were heard, and of how many of them one is kept.
    private(set) var heard = 0
    private(set) var stride = 1

    /// Of more answers every second is kept, then every fourth, and so on.
    static let most = 16_384

    init(_ question: Question, lines: Int, channels: Int) {
        (self.question, self.lines, self.channels) = (question, lines, channels)
    }

    var rows: Int { times.count }

    /// The middle time between two answers, to two figures; nil of one.
    var every: Nanoseconds? {
        guard rows > 1 else { return nil }
        let middle = (1..<rows).map { times[$0] - times[$0 - 1] }.sorted()[(rows - 1) / 2] / Int64(stride)
        var step: Int64 = 1
        while middle / step >= 100 { step *= 10 }
        return Nanoseconds(max(1_000_000, (middle + step / 2) / step * step))
    }

    mutating func take(_ answer: [UInt16], at time: Int64, _ wires: [LineTrace], _ channels: [ChannelTrace]) {
        heard += 1
        guard (heard - 1) % stride == 0, time > times.last ?? .min else { return }
        if rows == AnswerTrace.most { thin() }
        guard (heard - 1) % stride == 0 else { return }
        times.append(time)
        words += answer
        for wire in wires { rises.append(wire.rises) }
        for channel in channels {
            if channel.values.isEmpty {
                values += repeatElement(.nan, count: ChannelTrace.filters.count)
            } else {
                values += channel.values
            }
        }
    }

    private mutating func thin() {
        stride *= 2
        let kept = Swift.stride(from: 0, to: rows, by: 2)
        func thinned<T>(_ table: [T], _ width: Int) -> [T] {
            kept.flatMap { table[$0 * width..<($0 + 1) * width] }
        }
        words = thinned(words, Int(question.count))
        rises = thinned(rises, lines)
        values = thinned(values, channels * ChannelTrace.filters.count)
        times = thinned(times, 1)
    }

    func word(_ place: Int, _ row: Int) -> UInt16 { words[row * Int(question.count) + place] }

    func column(_ place: Int) -> [UInt16] { (0..<rows).map { word(place, $0) } }

    func rises(of line: Int) -> [Double] { (0..<rows).map { Double(rises[$0 * lines + line]) } }

    func values(of channel: Int, filter: Int) -> [Double] {
        let width = channels * ChannelTrace.filters.count
        let place = channel * ChannelTrace.filters.count + filter
        return (0..<rows).map { Double(values[$0 * width + place]) }
    }
}
