import TapCore
import TapSim

/// What one client said and is to be answered. Knows no sockets.
struct IIODSession {
    enum Answer: Equatable {
        case text(String)
        case bytes([UInt8])
        /// Whether it worked, or a length.
        case number(Int)
        case error(IIODErrno)
        /// So many bytes of value follow the line.
        case value(IIODCommand.Attribute, count: Int)
        /// Scans of a device, until so many bytes have been sent.
        case scans(device: Int, count: Int)
        /// The present sample is being found: the same line is to be answered again once others had their turn.
        case notYet
        case goodbye
        /// Goodbye too, because nobody knows where the next line begins.
        case outOfStep
    }

    let context: IIODContext
    private let provider: any ScanProvider
    private let present: [IIODPresent]
    private let clock: (any TapClock)?
    /// By device: what an OPEN started.
    private var streams: [IIODStream?]
    private var bufferCounts: [Int]

    /// - Parameters:
    ///   - present: for each device.
    ///   - clock: by which scans are taken; nil: all are there at once.
    init(
        _ provider: any ScanProvider, _ context: IIODContext, present: [IIODPresent], clock: (any TapClock)?
    ) {
        self.present = present
        self.provider = provider
        self.context = context
        self.clock = clock
        streams = context.devices.map { _ in nil }
        // The kernel's usual number in libiio 0.2x.
        bufferCounts = context.devices.map { _ in 4 }
    }

    /// Seven characters stand for the commit.
    static let version = "0.25.tap-sim\n"

    mutating func answer(_ line: some Collection<UInt8>) -> Answer {
        switch IIODCommand(line) {
        case .version: return .text(IIODSession.version)
        case .description: return .text("\(context.xml.utf8.count)\n\(context.xml)\n")
        case .exit: return .goodbye
        case .timeout: return .number(0)
        case .read(let attribute): return read(attribute)
        case .write(let attribute, let count): return .value(attribute, count: count)
        case .open(let device, let samples, let mask): return open(device, samples, mask)
        case .close(let name): return IIODSession.with(context.device(name)) { close($0) }
        case .readBuffer(let name, let count): return IIODSession.with(context.device(name)) { readBuffer($0, count) }
        case .getTrigger(let name): return IIODSession.with(context.device(name)) { _ in .number(0) }
        case .setTrigger(let name, let trigger):
            return IIODSession.with(context.device(name)) { _ in trigger == nil ? .number(0) : .error(.noEntry) }
        case .setBufferCount(let name, let count):
            return IIODSession.with(context.device(name)) { device in
                bufferCounts[device] = count
                return .number(0)
            }
        case .refused(let code): return .error(code)
        case .outOfStep: return .outOfStep
        }
    }

    /// The value that followed a WRITE: the simulation is what it is, so only what it is already may be written.
    func write(_ attribute: IIODCommand.Attribute, _ value: some Collection<UInt8>) -> Answer {
        if attribute.name == nil, attribute.device.isEmpty { return .error(.invalid) }
        guard let device = context.device(attribute.device) else { return .error(.noDevice) }
        guard let name = attribute.name else { return .error(.invalid) }
        let text = String(decoding: value.prefix { $0 != 0 && $0 != 10 }, as: UTF8.self)
        switch attribute.place {
        case .device:
            guard let present = deviceValue(device, name) else { return .error(.noEntry) }
            return text == present ? .number(value.count) : .error(.invalid)
        case .channel(let id, let isOutput):
            guard let channel = channel(device, id, isOutput) else { return .error(.noDevice) }
            return .error(channel.attributes.contains { $0.name == name } ? .permission : .noEntry)
        case .debug, .buffer: return .error(.noEntry)
        }
    }

    /// The next piece for a READBUF.
    mutating func take(_ device: Int, _ wanted: Int, most: Int) -> IIODStream.Piece {
        let now = clock?.now() ?? .distantFuture
        return streams[device]?.take(wanted, most: most, at: now, bufferCount: bufferCounts[device]) ?? .end
    }

    var hasStream: Bool { streams.contains { $0 != nil } }

    /// How often a stream had scans refused, since it was opened.
    func refusals(_ device: Int) -> Int { streams[device]?.refusals ?? 0 }

    func mask(_ device: Int) -> String { streams[device]?.mask ?? "" }

    private static func with(_ device: Int?, _ body: (Int) -> Answer) -> Answer {
        device.map(body) ?? .error(.noDevice)
    }

    private mutating func open(_ name: String, _ samples: Int, _ mask: String) -> Answer {
        guard let device = context.device(name) else { return .error(.noDevice) }
        guard streams[device] == nil else { return .error(.busy) }
        // Where nothing waits for time, every stream has all there is.
        let start = clock?.now() ?? .zero
        let stream = IIODStream(
            context.devices[device], rawBytesPerScan: provider.devices[device].bytesPerScan, mask: mask,
            samples: samples, reader: provider.makeReader(of: device), from: start)
        guard let stream else { return .error(.invalid) }
        streams[device] = stream
        return .number(0)
    }

    private mutating func close(_ device: Int) -> Answer {
        guard streams[device] != nil else { return .error(.badDescriptor) }
        streams[device] = nil
        return .number(0)
    }

    private func readBuffer(_ device: Int, _ count: Int) -> Answer {
        guard let stream = streams[device] else { return .error(.badDescriptor) }
        let whole = count / stream.bytesPerScan * stream.bytesPerScan
        return whole == 0 ? .number(0) : .scans(device: device, count: whole)
    }

    private func read(_ attribute: IIODCommand.Attribute) -> Answer {
        guard let device = context.device(attribute.device) else { return .error(.noDevice) }
        let values: [(String, String)]
        switch attribute.place {
        case .device: values = IIODSession.deviceAttributes.map { ($0, deviceValue(device, $0) ?? "") }
        case .debug, .buffer: values = []
        case .channel(let id, let isOutput):
            guard let channel = channel(device, id, isOutput) else { return .error(.noDevice) }
            // All or none: what is asked for may not be the sample, but it mostly is.
            guard let scan = present[device].scan(at: clock?.now() ?? .zero) else { return .notYet }
            values = channel.attributes.map { ($0.name, IIODSession.value(channel, $0.value, scan)) }
        }
        guard let name = attribute.name else { return IIODSession.all(values.map(\.1)) }
        guard let value = values.first(where: { $0.0 == name })?.1 else { return .error(.noEntry) }
        return .text("\(value.utf8.count + 1)\n\(value)\0\n")
    }

    /// All attributes in one: each with its length, 32 bits big-endian, padded to four bytes.
    private static func all(_ values: [String]) -> Answer {
        var bytes: [UInt8] = []
        for value in values {
            let count = value.utf8.count + 1
            bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) } + value.utf8
            bytes += [UInt8](repeating: 0, count: 1 + (4 - count % 4) % 4)
        }
        return .bytes(Array("\(bytes.count)\n".utf8) + bytes + [10])
    }

    private static let deviceAttributes = ["current_timestamp_clock", "sampling_frequency"]

    private func deviceValue(_ device: Int, _ name: String) -> String? {
        switch name {
        case "current_timestamp_clock": "monotonic"
        case "sampling_frequency": context.devices[device].rate
        default: nil
        }
    }

    private func channel(_ device: Int, _ id: String, _ isOutput: Bool) -> IIODContext.Channel? {
        isOutput ? nil : context.devices[device].channels.first { $0.id == id }
    }

    private static func value(_ channel: IIODContext.Channel, _ value: IIODContext.Value, _ scan: [UInt8]) -> String {
        switch value {
        case .fixed(let text): return text
        case .raw:
            guard let offset = channel.byteOffset, !scan.isEmpty else { return "0" }
            // The bytes are lent for the call.
            return unsafe scan.withUnsafeBytes { unsafe "\(channel.format.sample(in: $0.bytes, at: offset))" }
        }
    }
}
