public import TapCore

/// What a capture file holds: where it is from, from when to when, how much of what, what is missing, how it ends.
public struct CaptureInfo: Sendable {
    /// As it was named.
    public var file: String
    public var format: CaptureFormat
    /// What its signals were when it was captured; nil: the file does not say.
    public var provenance: Provenance?
    public var header: SessionHeader
    /// Of the raster on which all times lie; nil: there is none.
    public var sampleRate_hz: UInt64?
    public var survey: CaptureSurvey
    /// Whether it ends within a record.
    public var isTorn: Bool
    /// What reading found that is not as it should be, a sentence each.
    public var remarks: [String]

    /// UTC at its beginning, nanoseconds since 1970; nil: it has no date.
    public var beginUTC: UInt64? {
        header.fix.map { $0.utcNanoseconds &+ UInt64(bitPattern: (header.origin - $0.monotonic).count) }
    }

    public var endUTC: UInt64? { beginUTC.map { $0 &+ UInt64(bitPattern: survey.length.count) } }
}

extension Conversion {
    /// Reads a capture once and counts what is in it, in bounded memory. Nothing is written; `onProgress` and
    /// `isInterrupted` are asked as in a conversion.
    public func info(of input: String) throws(TapError) -> CaptureInfo {
        var reader = try open(input)
        let header = reader.header
        var survey = CaptureSurvey(header)
        let outcome = try pump(&reader, nil, into: &survey, header)
        return CaptureInfo(
            file: input, format: try CaptureFormat.kind(of: input, reading), provenance: reader.recordedProvenance,
            header: header, sampleRate_hz: reader.sampleRate_hz, survey: survey, isTorn: reader.isTorn,
            remarks: outcome.found)
    }
}
