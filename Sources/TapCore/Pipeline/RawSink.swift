/// What takes the records of several sources, each source's by themselves and in its own order: a recorder.
public protocol RawSink: RecordSink, ~Copyable {
    /// What follows is of this source, until the next call or the end of the batch.
    ///
    /// - Parameter source: its number among the sources.
    mutating func begin(source: Int)
    /// Edges one after the other, as `edge` takes each of them.
    ///
    /// - Parameter cells: each an edge.
    mutating func edges(_ cells: Span<Cell>)
    /// Everything of the source up to this time has been given, but for what comes later by no more than its
    /// `allowedLateness`; in its own clock domain.
    mutating func watermark(at time: Timestamp)
    /// Nothing of the source follows; in its own clock domain.
    mutating func sourceEnded(at time: Timestamp)
}

extension RawSink where Self: ~Copyable {
    public mutating func edges(_ cells: Span<Cell>) {
        for index in cells.indices { edge(Edge(cell: cells[index])) }
    }
}
