import TapCore

/// Makes edges, levels and gaps of what a file says of lines at one time after the other.
struct LineLevels: Sendable {
    static let unknown: UInt8 = 2

    private var levels: [UInt8]
    /// Lines that were known once.
    private var wasKnown: [Bool]
    private var sequences: [UInt32]

    init(_ count: Int) {
        levels = Array(repeating: LineLevels.unknown, count: count)
        wasKnown = Array(repeating: false, count: count)
        sequences = Array(repeating: 0, count: count)
    }

    /// - Parameter level: 0, 1 or unknown.
    @inline(__always)
    mutating func set(_ line: Int, _ level: UInt8, at now: Timestamp, into buffer: inout RecordBuffer) {
        let before = levels[line]
        guard level != before else { return }
        levels[line] = level
        let id = LineID(UInt16(line))
        if level != LineLevels.unknown, before != LineLevels.unknown {
            sequences[line] &+= 1
            buffer.append(
                Edge(
                    time: now, line: id, sequence: sequences[line],
                    flags: level == 1 ? [.rising, .unnumbered] : .unnumbered))
        } else if level == LineLevels.unknown {
            buffer.append(
                .gap(Gap(.notRecorded, .line(id), .unknown, discovered: now, from: now, to: .distantFuture)))
        } else {
            let reason: Level.Reason = wasKnown[line] ? .resumed : .first
            wasKnown[line] = true
            buffer.append(.level(Level(line: id, isHigh: level == 1, reason: reason, notBefore: now, notAfter: now)))
        }
    }
}
