public import TapConfig
public import TapCore

/// One converter read through a simulated kernel, buffered or polled: with the very recorder that stands on libiio.
///
/// Stamps are virtual time from zero at the start. Not thread-safe, never blocks.
public struct SimScanSource: ~Copyable, TapSource {
    public private(set) var info: SourceInfo
    private let settings: Settings
    private let feed: any ScanFeed
    private let conditions: ConverterConditions
    private let time: VirtualTime
    private let dataBytes: Int
    private var random: Random
    private var recorder: ScanRecorder
    /// nil while it is not there.
    private var queue: ScanQueue?
    private var openedAt = Timestamp.zero
    private var asked = Timestamp.zero
    private var reopenAt = Timestamp.zero
    /// Of a polled converter: when the next reading begins, and when the one that has begun ends.
    private var pollAt = Timestamp.zero
    private var readAt: Timestamp?
    private var polled: UInt64 = 0
    private var last: [UInt8] = []

    public struct Settings: Sendable {
        public var device: DeviceInfo
        public var model = KernelModel.Converter()
        /// Scans that the reader asks for at once.
        public var scansPerRead = 16
        public var timeout = Nanoseconds.seconds(1)

        /// - Parameter device: `rate_hz` known; `method` buffered or polled; its own time, if it has one, behind the
        ///   samples, little-endian, at a multiple of 8 bytes.
        public init(_ device: DeviceInfo) { self.device = device }
    }

    private static let tick = Nanoseconds.milliseconds(10)

    /// - Parameter clock: the gateway's: what drives the simulation.
    public init(
        _ settings: Settings, feed: any ScanFeed, conditions: ConverterConditions = ConverterConditions(),
        seed: UInt64, clock: any TapClock
    ) {
        self.settings = settings
        self.feed = feed
        self.conditions = conditions
        let device = settings.device
        time = VirtualTime(clock)
        random = Random(seed: seed, stream: "converter \(device.name)")
        dataBytes = device.bytesPerScan - (device.isTimestamped ? 8 : 0)
        recorder = settings.recorder(at: .zero)
        let span = device.method == .polled ? .zero : settings.period * Int64(settings.scansPerRead)
        info = SourceInfo(
            name: device.name, provenance: .simulated, clock: ClockDomain(.virtual),
            capabilities: device.isTimestamped ? [.scans, .returns, .findsMissingScans] : [.scans, .returns],
            devices: [device],
            // A block's time is its first scan's: it comes late by its length, and by how long it waits to be read.
            allowedLateness: span + SimScanSource.tick + settings.model.conversion.fixed
                + settings.model.conversion.jitter)
    }

    public mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        time.start(at: now)
        info.clock.offsetToMonotonic = now - .zero
        guard !conditions.isAbsent(at: .zero) else {
            throw TapError(
                .notFound, info.name, "is not there: No such device", remedy: "list what exists with: tap lines")
        }
        recorder = settings.recorder(at: .zero)
        open(at: .zero)
        return wake(.zero)
    }

    private mutating func open(at now: Timestamp) {
        openedAt = now
        asked = now
        pollAt = now
        readAt = nil
        queue = ScanQueue(
            feed, period: settings.period, dataBytes: dataBytes, hasStamp: settings.device.isTimestamped,
            settings.model, random, start: now)
        random = Random(seed: random.next(), stream: "opened again")
    }

    public mutating func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        let now = time.now()
        if queue != nil, let loss = conditions.loss(since: openedAt, until: now) {
            if loss == .torn { tear(now, into: &writer) }
            queue = nil
            recorder.lost(at: now, into: &writer)
            reopenAt = now + .seconds(1)
        } else if queue == nil, now >= reopenAt {
            if conditions.isAbsent(at: now) { reopenAt = now + .seconds(1) } else { open(at: now) }
        }
        if queue != nil { read(now, isWhole: true, into: &writer) }
        recorder.tick(at: now, into: &writer)
        return wake(now)
    }

    public mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {
        let now = time.now()
        if queue != nil { read(now, isWhole: false, into: &writer) }
        writer.publish()
    }

    /// Half of what waits comes, cut within a scan: its whole scans are taken.
    private mutating func tear(_ now: Timestamp, into writer: inout RecordWriter) {
        guard settings.device.method == .buffered else { return }
        queue?.advance(to: now, conditions)
        guard let queue, queue.count > 1, let bytes = self.queue?.take(settings.scansPerRead) else { return }
        let torn = bytes.count / 2 - 1
        let whole = torn / settings.device.bytesPerScan * settings.device.bytesPerScan
        guard whole > 0 else { return }
        let delivery = ScanCutter.Delivery(asked: asked, arrived: now)
        recorder.delivered(Array(bytes.prefix(whole)), delivery, into: &writer)
    }

    private mutating func read(_ now: Timestamp, isWhole: Bool, into writer: inout RecordWriter) {
        if settings.device.method == .polled { return poll(now, into: &writer) }
        queue?.advance(to: now, conditions)
        while let waiting = queue?.count, waiting >= (isWhole ? settings.scansPerRead : 1) {
            guard let bytes = queue?.take(settings.scansPerRead) else { return }
            recorder.delivered(bytes, ScanCutter.Delivery(asked: asked, arrived: now), into: &writer)
            asked = now
        }
    }

    /// A reading that has begun ends after its conversion; those that could not be made in time are left out.
    private mutating func poll(_ now: Timestamp, into writer: inout RecordWriter) {
        if readAt == nil, now >= pollAt {
            pollAt = now
            readAt = now + settings.model.conversion.draw(&random)
        }
        guard let end = readAt, now >= end else { return }
        if !conditions.isStuck(at: now) || last.isEmpty {
            last.removeAll(keepingCapacity: true)
            feed.append(scan: polled, to: &last)
            while last.count < dataBytes { last.append(0) }
        }
        recorder.delivered(last, ScanCutter.Delivery(asked: pollAt, arrived: now), into: &writer)
        polled += 1
        pollAt = max(pollAt + settings.period, now)
        readAt = nil
    }

    private func wake(_ now: Timestamp) -> Wake {
        var next = now + SimScanSource.tick
        if let queue {
            next = min(next, settings.device.method == .polled ? readAt ?? pollAt : queue.due(settings.scansPerRead))
        }
        return .at(max(next, now + Nanoseconds(1)) + (time.origin - .zero))
    }
}

extension SimScanSource.Settings {
    var period: Nanoseconds { Nanoseconds(Int64((1e9 / (device.rate_hz ?? 1)).rounded())) }

    fileprivate func recorder(at now: Timestamp) -> ScanRecorder {
        let stamp = ScanFormat(isBigEndian: false, isSigned: true, bits: 64, storageBits: 64)
        let cutter = ScanCutter(
            device: device.id, bytesPerScan: device.bytesPerScan,
            stamp: device.isTimestamped ? ScanCutter.Stamp(offset: device.bytesPerScan - 8, format: stamp) : nil,
            isForeignClock: false, rate_hz: device.rate_hz, isRateSure: true)
        let span = device.method == .polled ? .zero : period * Int64(scansPerRead)
        return ScanRecorder(device, cutter, bufferSpan: span, isRateSure: true, timeout: timeout, at: now)
    }
}
