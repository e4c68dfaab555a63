import TapCore
import TapDecode

/// What the RTU answers to one question: its registers and the oldest changes that were not asked for yet.
struct FeederAnswer: Sendable {
    var report: FeederReport
    var changes: [StampedChange]
    /// Of the registers, by the RTU's clock, since 1970.
    var stamp_ms: UInt64
    var isTested: Bool

    static let mostChanges = 8
    /// Four of the stamp, those of the tags, and four for each change.
    static let registers = 4 + FeederTag.allCases.reduce(0) { $0 + $1.registers } + 4 * mostChanges

    var frame: [UInt8] { ModbusRTU.frame(unit: FeederScreen.server, response: .registers(.holdingRegisters, words)) }

    var words: [UInt16] {
        var words: [UInt16] = []
        words.reserveCapacity(FeederAnswer.registers)
        for shift in stride(from: 48, through: 0, by: -16) {
            words.append(UInt16(truncatingIfNeeded: stamp_ms >> shift))
        }
        for tag in FeederTag.allCases {
            let count = UInt32(bitPattern: report[tag])
            if tag.registers == 2 { words.append(UInt16(truncatingIfNeeded: count >> 16)) }
            words.append(UInt16(truncatingIfNeeded: count))
        }
        for change in changes {
            words.append(UInt16(change.tag.rawValue + 1))
            words.append(UInt16(truncatingIfNeeded: change.count))
            words.append(UInt16(truncatingIfNeeded: change.stamp_ms >> 16))
            words.append(UInt16(truncatingIfNeeded: change.stamp_ms))
        }
        while words.count < FeederAnswer.registers { words.append(0) }
        return words
    }
}
