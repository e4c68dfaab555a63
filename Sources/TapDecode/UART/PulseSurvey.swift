public import TapCore

/// The widths of a line's pulses, to guess its speed from the shortest that are regular. Takes a bounded room and
/// allocates at its creation only.
public struct PulseSurvey: Sendable {
    /// By eighths of an octave.
    private var counts: [UInt64]
    private var sums: [Double]
    private var total: UInt64 = 0

    /// About half an octave: the jitter of one width, but not twice of it.
    private static let reach = 5
    /// Fewer say nothing.
    private static let fewest: UInt64 = 8

    public init() {
        counts = Array(repeating: 0, count: 8 * 64 + PulseSurvey.reach)
        sums = Array(repeating: 0, count: counts.count)
    }

    /// Takes the time from one edge to the next, none lost between them.
    public mutating func add(_ width: Nanoseconds) {
        guard width.count > 0 else { return }
        let bits = UInt64(width.count)
        let octave = 63 - bits.leadingZeroBitCount
        let eighth = Int((octave >= 3 ? bits >> UInt64(octave - 3) : bits << UInt64(3 - octave)) & 7)
        counts[8 * octave + eighth] += 1
        sums[8 * octave + eighth] += Double(bits)
        total += 1
    }

    /// The mean of the shortest that a tenth of all are like; nil: too few to say.
    public var shortest: Nanoseconds? {
        guard total >= PulseSurvey.fewest else { return nil }
        for first in 0..<counts.count - PulseSurvey.reach where counts[first] > 0 {
            let count = counts[first..<first + PulseSurvey.reach].reduce(0, +)
            guard count * 10 >= total, count >= 2 else { continue }
            return Nanoseconds(Int64(sums[first..<first + PulseSurvey.reach].reduce(0, +) / Double(count)))
        }
        return nil
    }

    private static let usual = [
        50, 75, 110, 150, 300, 600, 1_200, 2_400, 4_800, 9_600, 14_400, 19_200, 28_800, 31_250, 38_400, 57_600, 76_800,
        115_200, 187_500, 230_400, 250_000, 460_800, 500_000, 921_600, 1_000_000, 1_500_000, 2_000_000, 3_000_000,
    ]

    /// Bits a second if the shortest is one bit: a usual speed where one is within 6 %, else two digits of what it is.
    public var baud: Int? {
        guard let shortest, shortest.count > 0 else { return nil }
        let baud = 1e9 / Double(shortest.count)
        if let usual = PulseSurvey.usual.min(by: { (Double($0) - baud).magnitude < (Double($1) - baud).magnitude }),
            (Double(usual) - baud).magnitude <= 0.06 * baud
        {
            return usual
        }
        var power = 1.0
        while baud / power >= 100 { power *= 10 }
        let rounded = Int((baud / power).rounded() * power)
        return UARTFormat.bauds.contains(rounded) ? rounded : nil
    }
}
