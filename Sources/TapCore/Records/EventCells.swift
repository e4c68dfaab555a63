/// The cells of one event, in place: nothing is allocated.
struct EventCells {
    /// Of the longest event.
    static let most = 10

    private var cells = InlineArray<10, Cell>(repeating: .zero)
    private(set) var count = 1

    /// Its header; what follows is appended.
    init(time: Timestamp, subject: UInt16 = 0, kind: RecordKind, flags: UInt8 = 0) {
        cells[0] = RecordHeader(time: time, count: 1, subject: subject, kind: kind, flags: flags).cell
    }

    mutating func append(_ word0: UInt64, _ word1: UInt64) {
        cells[count] = Cell(word0, word1)
        count += 1
        // The header says how many there are.
        cells[0].word1 += 1
    }

    mutating func markLate() {
        var header = RecordHeader(cells[0])
        header.isLate = true
        cells[0] = header.cell
    }

    subscript(index: Int) -> Cell { cells[index] }
}
