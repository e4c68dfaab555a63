public import TapCore

/// A capture file that is being read: a pull of its records in order of time.
///
/// Reads in pieces of bounded size, whatever the file's. On one thread at a time; blocks as long as the file system
/// does. Closes the file when it goes.
public protocol CaptureReader: ~Copyable, Sendable {
    /// What the file says of itself: lines and devices, numbered from 0 on, one source of one clock. The origin is
    /// where the file begins in that clock. Complete once the reader is made; its `version` is empty.
    var header: SessionHeader { get }

    /// Samples a second of the raster that all times lie on, rounded to whole nanoseconds; nil: there is none.
    var sampleRate_hz: UInt64? { get }

    /// Up to when the capture lasted; known once everything is read. nil: the file does not say.
    var end: Timestamp? { get }

    /// Appends the next records until the buffer is full. Their times never go back, but for what is flagged late.
    ///
    /// - Returns: false once nothing follows.
    mutating func read(into buffer: inout RecordBuffer) throws(TapError) -> Bool
}

/// What writes a capture into a file: a sink that also gets how long the capture lasted.
public protocol CaptureWriter: RecordSink, ~Copyable {
    /// The capture lasted until then, in the clock of its only source. Once, after the last record and before `finish`.
    mutating func captureEnded(at end: Timestamp)
}

extension SessionHeader {
    /// Of a file that was captured by another program.
    ///
    /// - Parameters:
    ///   - name: of what was captured, or of the file.
    ///   - startUTC: nanoseconds since 1970 at time zero, according to the file; nil: it has no date.
    ///   - limits: what the file does not say, or what reading it changes.
    static func replayed(
        file: String, name: String, startUTC: UInt64? = nil, isSynchronised: Bool = false, lines: [LineInfo],
        devices: [DeviceInfo], limits: [String] = []
    ) -> SessionHeader {
        var capabilities: SourceInfo.Capabilities = []
        if !lines.isEmpty { capabilities.insert(.edges) }
        if !devices.isEmpty { capabilities.insert(.scans) }
        let source = SourceInfo(
            name: file, provenance: .replayed, clock: ClockDomain(.file), capabilities: capabilities, lines: lines,
            devices: devices, limits: limits)
        // No boot and no bracket: the file says when it began, and nothing of how that is known.
        let fix = startUTC.map {
            ClockFix(
                monotonic: .zero, utcNanoseconds: $0, bracket: .zero, bootID: BootID(high: 0, low: 0),
                isSynchronised: isSynchronised, sinceSynchronised: nil, kernelMaximumError: .zero)
        }
        return SessionHeader(version: "", board: name, origin: .zero, fix: fix, kernel: "", sources: [source])
    }
}

/// The last part of a path.
func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
