import TapConfig
public import TapCore

/// Lines listened to through a simulated kernel: the very listener that stands on libgpiod, on computed chips.
///
/// Stamps are virtual time from zero at the start, or the simulated wall clock's if that was asked for. Not thread-safe,
/// never blocks.
public struct SimLineSource: ~Copyable, TapSource {
    private var listener: LineListener
    private let kernel: SimKernel

    /// - Parameters:
    ///   - lines: with the chip's label and offset; `id` consecutive.
    ///   - kernel: has the chips, and the options that the lines are listened to with.
    ///   - clock: that of `kernel`.
    public init(name: String = "simulated kernel", lines: [LineInfo], kernel: SimKernel, clock: any TapClock) {
        self.kernel = kernel
        let isRealtime = kernel.options.isRealtime
        let info = SourceInfo(
            name: name, provenance: .simulated, clock: ClockDomain(isRealtime ? .realtime : .virtual),
            capabilities: [.edges, .countsQueueLoss, .readsLevels, .mutes, .returns], lines: lines,
            allowedLateness: kernel.model.lateness)
        listener = LineListener(
            info, through: kernel, options: kernel.options, clock: clock,
            stampClock: kernel.time, wallClock: isRealtime ? StampClock(kernel: kernel) : nil)
    }

    public var info: SourceInfo { listener.info }

    public mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        kernel.time.start(at: now)
        let stamp = kernel.conditions.stamp(of: .zero)
        listener.info.clock.offsetToMonotonic = now - stamp
        return try listener.start(at: now, into: &writer)
    }

    public mutating func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        listener.step(at: now, into: &writer)
    }

    public mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {
        listener.stop(at: now, into: &writer)
    }

    /// The clock of the stamps, where that is the wall clock.
    private struct StampClock: TapClock {
        let kernel: SimKernel
        func now() -> Timestamp { kernel.conditions.stamp(of: kernel.time.now()) }
    }
}

extension KernelModel {
    /// The longest between an interrupt's stamp and its event being readable, but for spikes; and a wire may be driven at
    /// the very instant to which everything was read.
    var lateness: Nanoseconds { thread.fixed + thread.jitter + Nanoseconds(1) }
}
