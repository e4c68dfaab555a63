import TapRecord

/// Where cells of one resolution of a lane are on a file of summaries.
struct SummaryPage: Sendable, Hashable {
    /// Index of the first cell.
    var first: Int64
    var count: UInt32
    var offset: UInt64
    /// CRC-32 of its bytes.
    var sum: UInt32

    static let cellBytes = 48
    static let bytes = 24

    var length: Int { Int(count) * SummaryPage.cellBytes }

    private static let lost: UInt64 = 1 << 63
    private static let unknownByLoss: UInt64 = 1 << 62

    static func encoded(_ cells: [LaneCell]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(cells.count * cellBytes)
        for cell in cells {
            bytes.append(UInt64(bitPattern: cell.index))
            for value in [cell.min, cell.max, cell.first, cell.last] {
                // Of what is unknown there is one form.
                bytes.append(value == value ? value.bitPattern : Double.nan.bitPattern)
            }
            bytes.append(
                cell.count & (unknownByLoss - 1) | (cell.isLost ? lost : 0)
                    | (cell.isUnknownByLoss ? unknownByLoss : 0))
        }
        return bytes
    }

    func cells(from file: any DiskFile) throws(SummaryProblem) -> [LaneCell] {
        let bytes: [UInt8]
        do throws(DiskError) { bytes = try file.read(at: offset, count: length) } catch { throw .disk(error) }
        guard bytes.count == length, CRC32.of(bytes) == sum else { throw .torn }
        return stride(from: 0, to: bytes.count, by: SummaryPage.cellBytes).map { place in
            var cell = LaneCell(index: Int64(bitPattern: bytes.word(at: place)))
            func value(_ number: Int) -> Double { Double(bitPattern: bytes.word(at: place + 8 * number)) }
            (cell.min, cell.max, cell.first, cell.last) = (value(1), value(2), value(3), value(4))
            let count = bytes.word(at: place + 40)
            cell.count = count & (SummaryPage.unknownByLoss - 1)
            cell.isLost = count & SummaryPage.lost != 0
            cell.isUnknownByLoss = count & SummaryPage.unknownByLoss != 0
            return cell
        }
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(UInt64(bitPattern: first))
        bytes.append(offset)
        bytes.append(UInt64(count) | UInt64(sum) << 32)
    }

    init(first: Int64, count: UInt32, offset: UInt64, sum: UInt32) {
        (self.first, self.count, self.offset, self.sum) = (first, count, offset, sum)
    }

    init(_ bytes: [UInt8], at place: Int) {
        first = Int64(bitPattern: bytes.word(at: place))
        offset = bytes.word(at: place + 8)
        let word = bytes.word(at: place + 16)
        count = UInt32(truncatingIfNeeded: word)
        sum = UInt32(word >> 32)
    }
}

extension [UInt8] {
    mutating func append(_ word: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { append(UInt8(truncatingIfNeeded: word >> shift)) }
    }

    func word(at place: Int) -> UInt64 {
        unsafe span.bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self).littleEndian
    }
}
