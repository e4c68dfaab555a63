#if Gpiod
    public import TapCore

    /// GPIO lines through libgpiod: one request and kernel queue per line, all in one epoll set on one thread.
    ///
    /// A request of its own for each line keeps a chattering wire from pushing its neighbours' events out of a shared
    /// queue (docs/decisions/0001). It listens only: lines that are outputs are refused, none is ever driven.
    /// Not thread-safe; `start` opens devices and may block for as long as the kernel takes, `step` does not block.
    public struct GpiodSource: ~Copyable, TapSource {
        private var listener: LineListener

        /// Between an interrupt's stamp and its event being readable, on a loaded machine.
        private static let lateness = Nanoseconds.milliseconds(5)

        /// - Parameters:
        ///   - lines: with the chip's label and offset; `id` consecutive.
        ///   - clock: the gateway's monotonic clock.
        ///   - wallClock: CLOCK_REALTIME if `options.isRealtime`, otherwise nil. Stamps are times of it as it ran at the
        ///     start: a step is taken out of them.
        ///   - domain: of the stamps' clock, at the start.
        public init(
            lines: [LineInfo], options: GpiodOptions = GpiodOptions(), clock: any TapClock,
            wallClock: (any TapClock)? = nil, domain: ClockDomain = ClockDomain(.monotonic)
        ) {
            let kernel = GpiodKernel(options)
            let info = SourceInfo(
                name: "gpio", provenance: .hardware, clock: domain,
                capabilities: kernel.isNumbered
                    ? [.edges, .countsQueueLoss, .readsLevels, .mutes, .returns]
                    : [.edges, .readsLevels, .mutes, .returns],
                lines: lines, allowedLateness: GpiodSource.lateness, limits: Gpiod.limits)
            listener = LineListener(
                info, through: kernel, options: options.listening, clock: clock, wallClock: wallClock)
        }

        public var info: SourceInfo { listener.info }

        public mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
            try listener.start(at: now, into: &writer)
        }

        public mutating func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
            listener.step(at: now, into: &writer)
        }

        public mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {
            listener.stop(at: now, into: &writer)
        }
    }
#endif
