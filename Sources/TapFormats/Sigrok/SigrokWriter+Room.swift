public import TapCore

// Whether a file can be written, before and while it is captured.

extension SigrokWriter {
    /// Whether these lines and channels, over this time, can be a .sr file. Blocks for a look at the file system.
    ///
    /// - Parameters:
    ///   - path: of the file.
    ///   - rate_hz: of the samples, 1 to 1e9.
    ///   - length: of the capture; nil: not known.
    public static func check(
        _ header: SessionHeader, path: String, rate_hz: UInt64, length: Nanoseconds?
    ) throws(TapError) {
        try check(header, name: path)
        guard let length else { return }
        let samples = SampleTime(rate_hz: rate_hz).sample(at: UInt64(max(0, length.count)))
        try needRoom(
            samples.multipliedReportingOverflow(by: bytesPerSample(header)).partialValue, rate_hz: rate_hz,
            in: directory(path), name: path)
    }

    static func check(_ header: SessionHeader, name: String) throws(TapError) {
        guard header.lines.count <= SigrokMetadata.mostLogicChannels else {
            throw TapError(
                .unsupported, printable(name), "\(header.lines.count) lines, and a .sr file has at most 64",
                remedy: "name fewer with --line")
        }
        guard header.devices.reduce(0, { $0 + $1.samples.count }) <= mostChannels else {
            throw TapError(
                .unsupported, printable(name), "more than \(mostChannels) channels",
                remedy: "name fewer with --channel")
        }
    }

    /// Bytes of a sample of all lines.
    static func unit(_ header: SessionHeader) -> Int { max(1, (header.lines.count + 7) / 8) }

    private static func bytesPerSample(_ header: SessionHeader) -> UInt64 {
        let logic = header.lines.isEmpty ? 0 : unit(header)
        return UInt64(logic + header.devices.reduce(0) { $0 + $1.samples.count * 4 })
    }

    /// Whether the file system will hold the archive of what was captured so far, however badly it compresses. Until
    /// then its room is shared with what is spooled. Blocks for a look at it.
    ///
    /// - Parameter now: on the monotonic clock of the capture.
    public func hasRoom(at now: Timestamp) -> Bool {
        guard let free = DiskSpace.free(in: directory) else { return true }
        let samples = max(end, time.sample(at: UInt64(max(0, (now - header.origin).count))))
        let bytes = samples.multipliedReportingOverflow(by: SigrokWriter.bytesPerSample(header))
        guard !bytes.overflow else { return false }
        return bytes.partialValue / SigrokWriter.leastPacked + spooled + SigrokWriter.spare <= free
    }

    /// Deflate with fixed codes takes at most 15 bits for 258 bytes that repeat (RFC 1951, 3.2.6), and less for a change
    /// than the spool, 16 bytes.
    private static let leastPacked: UInt64 = 128
    /// For names and what comes before the next look.
    private static let spare: UInt64 = 1 << 20
    /// Deflate makes no more than 1,032 bytes one (zlib's technical details).
    private static let mostPacked: UInt64 = 1_032

    /// Refuses at once what cannot fit, before minutes are spent on it.
    static func needRoom(
        _ bytes: UInt64, rate_hz: UInt64, in directory: String, name: String
    ) throws(TapError) {
        guard let free = DiskSpace.free(in: directory) else { return }
        let least = bytes / mostPacked
        guard least > free else { return }
        throw TapError(
            .output, printable(name),
            "\(Words.bytes(bytes)) of samples at \(SampleRate.text(hertz: rate_hz)) take at least \(Words.bytes(least)), and \(Words.bytes(free)) are free",
            remedy: "give a lower --rate, make room or write elsewhere")
    }

    static func directory(_ path: String) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 1
            ? "." : parts.count == 2 && parts[0].isEmpty ? "/" : parts.dropLast().joined(separator: "/")
    }
}
