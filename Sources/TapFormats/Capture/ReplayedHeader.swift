package import TapCore

extension SessionHeader {
    /// Of a file that was captured by another program.
    ///
    /// - Parameters:
    ///   - name: of what was captured, or of the file.
    ///   - startUTC: nanoseconds since 1970 at time zero, according to the file; nil: it has no date.
    ///   - limits: what the file does not say, or what reading it changes.
    package static func replayed(
        file: String, name: String, startUTC: UInt64? = nil, isSynchronised: Bool = false, lines: [LineInfo],
        devices: [DeviceInfo], tags: [TagInfo] = [], limits: [String] = []
    ) -> SessionHeader {
        var capabilities: SourceInfo.Capabilities = []
        if !lines.isEmpty { capabilities.insert(.edges) }
        if !devices.isEmpty { capabilities.insert(.scans) }
        if !tags.isEmpty { capabilities.insert(.claims) }
        let source = SourceInfo(
            name: file, provenance: .replayed, clock: ClockDomain(.file), capabilities: capabilities, lines: lines,
            devices: devices, tags: tags, limits: limits)
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
