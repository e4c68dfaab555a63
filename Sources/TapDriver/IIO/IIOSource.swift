#if IIO
    public import TapCore

    /// Channels of one ADC through libiio 0.2x.
    ///
    /// *Buffered*: the kernel samples; blocks carry its bytes as they came. *Polled*: each channel is read on its own, and
    /// a scan's time is the bracket around all of them. Start sets the timestamps' clock to monotonic, the trigger and
    /// the rate if they were asked for; stop puts back what was there before.
    ///
    /// A local device is read on the thread that steps, without blocking (but for what a conversion takes when polled).
    /// A remote one is read on a thread of its own, so that no remote, dead or hostile to time limits, holds up a step or
    /// the program's end: `start` gives up after 5 s or five timeouts, whichever is longer.
    ///
    /// If the device or the connection goes, that is a `Gap`, and it is tried again each second. So is a buffered device
    /// that says nothing for longer than the timeout and two buffers; where its rate is not sure, longer than that and
    /// four times its longest pause so far.
    ///
    /// libiio 0.2x writes as many bytes into a buffer as a remote announces, so `ip:HOST` goes through a guard that ends a
    /// connection whose answers are longer than what was asked for (`tap_iio_guard.c`). What a remote may do beyond that, as
    /// with its XML, is for libiio and libxml2 to withstand. `ip:` without a host is refused. `usb:` and `serial:` have no
    /// guard, which is a limit of the source: what answers there is trusted with this process.
    public struct IIOSource: TapSource, ~Copyable {
        public private(set) var info: SourceInfo
        private let options: IIOOptions
        private let clock: any TapClock
        private var reader: any IIOReader

        /// - Parameter clock: the gateway's monotonic clock; a kernel's stamps are compared with it.
        public init(_ options: IIOOptions, clock: any TapClock) {
            self.options = options
            self.clock = clock
            let isRemote = IIOAddress(options.context).isRemote
            reader = isRemote ? IIORemoteReader(options, clock) : IIOLocalReader(options, clock)
            info = SourceInfo(
                name: options.name, provenance: isRemote ? .remote : .hardware, clock: ClockDomain(.monotonic),
                capabilities: .scans)
        }

        /// Of a remote device only: a local one never blocks for long.
        public var stopper: Stopper? { reader.stopper }

        /// Blocks as long as opening takes: a local device some milliseconds.
        ///
        /// Throws `.notFound`, `.busy`, `.permission`, `.unsupported`, `.configuration`, or `.device` where a remote gives
        /// garbage or nothing.
        public mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
            let description = try reader.start()
            info = SourceInfo(description, options)
            return try reader.step(at: clock.now(), into: &writer)
        }

        public mutating func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
            try reader.step(at: now, into: &writer)
        }

        public mutating func stop(at now: Timestamp, into writer: inout RecordWriter) { reader.stop(into: &writer) }
    }

    /// The two ways to a device. Used by one thread at a time.
    protocol IIOReader: AnyObject, Sendable {
        var stopper: Stopper? { get }
        func start() throws(TapError) -> IIODescription
        func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake
        func stop(into writer: inout RecordWriter)
    }

    /// How often a source wakes at the least.
    let iioTick = Nanoseconds.milliseconds(10)

    extension SourceInfo {
        init(_ description: IIODescription, _ options: IIOOptions) {
            let device = description.device
            var capabilities: Capabilities = [.scans, .returns]
            if device.isTimestamped { capabilities.insert(.findsMissingScans) }
            let address = IIOAddress(options.context)
            let isRemote = address.isRemote
            let unguarded =
                address == .other
                ? ["no guard stands before \(options.context): what answers there is trusted with this process"] : []
            // A block's time is its first scan's: it comes late by its length, and by how long reading it took.
            let lateness = description.bufferSpan + (isRemote ? .milliseconds(250) : .milliseconds(50))
            self.init(
                name: options.name, provenance: description.provenance, clock: description.clock,
                capabilities: capabilities, devices: [device], allowedLateness: lateness,
                longestSilence: .milliseconds(100) + description.readingTakes * 2,
                limits: description.limits + unguarded)
        }
    }
#endif
