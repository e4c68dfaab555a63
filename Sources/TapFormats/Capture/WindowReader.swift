public import TapCore

/// A span of a capture: it begins where the span does, with the levels that its lines had led to.
public struct WindowReader: ~Copyable, CaptureReader {
    public let header: SessionHeader
    public let sampleRate_hz: UInt64?
    public private(set) var end: Timestamp?
    public private(set) var share: Double?
    public private(set) var remarks: [String] = []
    public private(set) var isTorn = false
    public let recordedProvenance: Provenance?

    private var reader: any CaptureReader & ~Copyable
    private var window: RecordWindow<RecordBuffer>
    private let last: Timestamp?
    private var isMore = true

    /// - Parameters:
    ///   - from: since the beginning of the capture.
    ///   - to: likewise; nil: up to its end.
    public init(_ reader: consuming any CaptureReader & ~Copyable, from: Nanoseconds, to: Nanoseconds?) {
        precondition(to.map { $0 > from } ?? true)
        var header = reader.header
        window = RecordWindow(header, from: from, to: to, into: RecordBuffer())
        last = to.map { header.origin + $0 - header.clockOfFixes.offsetToMonotonic }
        header.origin = header.origin + from
        sampleRate_hz = reader.sampleRate_hz
        recordedProvenance = reader.recordedProvenance
        self.header = header
        self.reader = reader
    }

    public mutating func read(into buffer: inout RecordBuffer) throws(TapError) -> Bool {
        var piece = RecordBuffer()
        while isMore, !window.sink.isFull {
            isMore = try reader.read(into: &piece) && !window.isOver
            piece.drain(into: &window)
            share = reader.share
            guard isMore else {
                try window.finish(at: .zero)
                remarks = reader.remarks
                isTorn = reader.isTorn
                let whole = reader.end
                end = whole.map { min($0, last ?? $0) } ?? last
                break
            }
            if window.sink.counts != (0, 0) { break }
        }
        window.sink.drain(into: &buffer)
        return isMore
    }
}
