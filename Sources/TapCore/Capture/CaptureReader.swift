/// A capture that is being read, from a file or a store: a pull of its records in order of time.
///
/// Reads in pieces of bounded size, whatever the capture's. On one thread at a time; blocks as long as the file system
/// does. Closes what it reads when it goes.
public protocol CaptureReader: ~Copyable, Sendable {
    /// What the capture says of itself: lines and devices, numbered from 0 on, one source of one clock. The origin is
    /// where it begins in that clock. Complete once the reader is made; its `version` is empty.
    var header: SessionHeader { get }

    /// Samples a second of the raster that all times lie on, rounded to whole nanoseconds; nil: there is none.
    var sampleRate_hz: UInt64? { get }

    /// Up to when the capture lasted; known once everything is read. nil: not known.
    var end: Timestamp? { get }

    /// How much of the capture is read, from 0 to 1, for people who wait; nil: not known.
    var share: Double? { get }
    /// What reading found that is not as it should be, a sentence each, for people: how a torn file ends, what was skipped,
    /// what is out of order. Complete once everything is read; a few sentences, however much was found.
    var remarks: [String] { get }

    /// It ends within a record, as a power cut leaves it: everything before that is read. Known once everything is read.
    var isTorn: Bool { get }

    /// What its signals were when it was captured; nil: it does not say.
    var recordedProvenance: Provenance? { get }

    /// Appends the next records until the buffer is full. Their times never go back, but for what is flagged late.
    ///
    /// - Returns: false once nothing follows.
    mutating func read(into buffer: inout RecordBuffer) throws(TapError) -> Bool
}

extension CaptureReader where Self: ~Copyable {
    public var share: Double? { nil }
    public var remarks: [String] { [] }
    public var isTorn: Bool { false }
    public var recordedProvenance: Provenance? { nil }
}
