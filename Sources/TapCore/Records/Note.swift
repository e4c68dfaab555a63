/// What an operator or the program itself enters into a session.
public struct Note: Sendable, Hashable {
    /// In the source's clock domain.
    public var time: Timestamp
    /// Who enters it, as "operator" or "tap".
    public var author: ShortText
    public var text: ShortText
    /// Came after the watermark that covers it: see `RecordWriter`.
    public var isLate = false

    public init(time: Timestamp, author: ShortText, text: ShortText) {
        self.time = time
        self.author = author
        self.text = text
    }

    var encoded: EventCells {
        var cells = EventCells(time: time, kind: .note)
        cells.append(author)
        cells.append(text)
        return cells
    }

    init(_ cells: Span<Cell>) {
        let (author, count) = ShortText.decode(cells.extracting(droppingFirst: 1))
        self.init(
            time: RecordHeader(cells[0]).time, author: author,
            text: ShortText.decode(cells.extracting(droppingFirst: 1 + count)).text)
    }
}
