import TapCore

/// Bytes of a line without a silence of t3.5 between them: a frame as a rule, several where a bus without bias
/// resistors joins them by breaks and stray bytes.
struct ModbusRun {
    struct Byte {
        enum Before {
            /// At least t3.5 of silence, or the beginning.
            case rest
            /// Between t1.5 and t3.5.
            case silence
            /// A break, and less than t3.5 after it.
            case breakCondition
            case nothing
        }

        var value: UInt8
        var start: Timestamp
        var end: Timestamp
        var isInError: Bool
        var before: Before
    }

    /// Where every frame that begins in the first half is here whole.
    static let most = 2 * ModbusRTU.frameSizes.upperBound

    private(set) var bytes: [Byte] = []
    private var crc: UInt16 = 0xFFFF

    init() { bytes.reserveCapacity(ModbusRun.most) }

    mutating func append(_ byte: Byte) {
        bytes.append(byte)
        crc = ModbusRTU.crc(crc, byte.value)
    }

    mutating func removeFirst(_ count: Int) {
        bytes.removeFirst(count)
        crc = ModbusRTU.crc(bytes.lazy.map(\.value))
    }

    /// All of it is one frame whose CRC fits.
    var isWhole: Bool {
        crc == 0 && ModbusRTU.frameSizes.contains(bytes.count) && end(ofPieceFrom: 0) == bytes.count
    }

    /// Where a frame ends that begins here: its CRC fits, and its length is that of its function, or it stands between
    /// two interruptions of the line.
    ///
    /// - Parameters:
    ///   - isClosed: nothing more comes.
    ///   - isFree: another frame ended here.
    func end(ofFrameFrom start: Int, isClosed: Bool, isFree: Bool) -> Int? {
        let isFree = isFree || bytes[start].before != .nothing
        let lengths = ModbusRTU.lengths(bytes[start...].lazy.map(\.value))
        let last = min(
            end(ofPieceFrom: start), isFree ? start + ModbusRTU.frameSizes.upperBound : start + (lengths.max() ?? 0))
        var crc: UInt16 = 0xFFFF
        for index in start..<max(start, last) {
            crc = ModbusRTU.crc(crc, bytes[index].value)
            let end = index + 1
            guard crc == 0, end - start >= ModbusRTU.frameSizes.lowerBound else { continue }
            let isInterrupted = end == bytes.count ? isClosed : bytes[end].before != .nothing
            if isFree && isInterrupted || lengths.contains(end - start) && hasForm(start..<end) { return end }
        }
        return nil
    }

    /// No frame goes on across a break.
    private func end(ofPieceFrom start: Int) -> Int {
        bytes[(start + 1)...].firstIndex { $0.before == .breakCondition } ?? bytes.count
    }

    private func hasForm(_ range: Range<Int>) -> Bool {
        let body = bytes[range].dropFirst().dropLast(2).map(\.value)
        return ModbusRequest(body) != nil || ModbusResponse(body) != nil
    }
}
