import TapCore

/// The entry `metadata` of a .sr file: what was captured, how fast, and what the channels are called.
///
/// INI text as GLib's key files have it; only the first device is looked at, a file with more is refused.
struct SigrokMetadata: Sendable {
    /// Base name of the entries with samples; nil: there is no logic.
    var logicFile: String?
    /// Bytes of one logic sample, 1 to 8.
    var unitSize = 1
    var sampleRate_hz: UInt64
    /// Bit in the sample and name, in order of the bits.
    var probes: [(bit: Int, name: String)] = []
    /// Number in the names of entries, and name.
    var analog: [(number: Int, name: String)] = []

    static let mostBytes = 1 << 20
    static let mostLogicChannels = 64
    static let mostAnalogChannels = 1_024

    /// - Parameters:
    ///   - place: of the entry, for messages.
    ///   - rate_hz: of a file that does not say it.
    init(_ bytes: [UInt8], place: String, rate_hz: UInt64? = nil) throws(TapError) {
        let (values, first) = try SigrokMetadata.values(bytes, place: place)
        func mistake(_ key: String, _ what: String, _ remedy: String = "this is not a .sr file") -> TapError {
            TapError(.configuration, "\(place):\(values[key]?.line ?? first)", what, remedy: remedy)
        }
        let written = values["samplerate"]?.text ?? ""
        let isUnknown = written.isEmpty || written == "0" || written == "0 Hz"
        guard !isUnknown || rate_hz != nil else {
            throw mistake("samplerate", "has no samplerate", "give it with --rate, as --rate 1MHz")
        }
        guard let hertz = isUnknown ? rate_hz : SampleRate.hertz(written, isOfSigrok: true) else {
            throw mistake(
                "samplerate", "the samplerate '\(printable(written, longest: 40))' is not valid", "write it as 1 MHz")
        }
        guard hertz <= 1_000_000_000 else {
            throw mistake(
                "samplerate", "samples faster than 1 GHz have no times in whole nanoseconds", "use a lower rate")
        }
        sampleRate_hz = hertz
        func number(_ key: String, _ limit: Int) throws(TapError) -> Int? {
            guard let value = values[key] else { return nil }
            guard let number = Int(value.text), (0...limit).contains(number) else {
                throw mistake(key, "'\(printable(key)) = \(printable(value.text, longest: 40))' is not 0 to \(limit)")
            }
            return number
        }
        let probeCount = try number("total probes", SigrokMetadata.mostLogicChannels) ?? 0
        let analogCount = try number("total analog", SigrokMetadata.mostAnalogChannels) ?? 0
        unitSize = try number("unitsize", 8) ?? 1
        logicFile = values["capturefile"]?.text
        for number in 0..<probeCount {
            if let name = values["probe\(number + 1)"] { probes.append((number, name.text)) }
        }
        if logicFile == nil { probes = [] }
        for number in probeCount..<probeCount + analogCount {
            if let name = values["analog\(number + 1)"] { analog.append((number + 1, name.text)) }
        }
        guard probes.isEmpty || unitSize * 8 > probes.last?.bit ?? 0, unitSize > 0 else {
            throw mistake("unitsize", "\(probeCount) channels do not fit in samples of \(unitSize) bytes")
        }
        guard !probes.isEmpty || !analog.isEmpty else { throw mistake("total probes", "names no channels") }
    }

    /// Keys of the first device, with the lines they stand in.
    private static func values(
        _ bytes: [UInt8], place: String
    ) throws(TapError) -> (values: [String: (text: String, line: Int)], line: Int) {
        var values: [String: (text: String, line: Int)] = [:]
        var devices = 0
        var deviceLine = 1
        var isInDevice = false
        var line = 0
        for row in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            line += 1
            let text = String(decoding: row, as: UTF8.self).trimmed
            if text.isEmpty || text.hasPrefix("#") { continue }
            if text.hasPrefix("[") {
                isInDevice = text.hasPrefix("[device ")
                if isInDevice { devices += 1; deviceLine = line }
                guard devices <= 1 else {
                    throw TapError(
                        .unsupported, "\(place):\(line)", "holds captures of several devices",
                        remedy: "use a file with one")
                }
                continue
            }
            guard let mark = text.firstIndex(of: "=") else {
                throw TapError(
                    .configuration, "\(place):\(line)", "'\(printable(text, longest: 40))' is not 'key = value'",
                    remedy: "this is not a .sr file")
            }
            let value = String(text[text.index(after: mark)...]).trimmed
            if isInDevice { values[String(text[..<mark]).trimmed] = (value, line) }
        }
        return (values, deviceLine)
    }
}

extension String {
    /// Without the spaces around it.
    var trimmed: String {
        var text = Substring(self)
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
