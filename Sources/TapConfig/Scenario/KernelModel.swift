public import TapCore

/// How a kernel stands between wires and a reader: what it takes to notice a change, and how much it keeps.
///
/// What is fixed in every Linux is not here but in TapSim's `Kernel/`: a queue that drops its oldest event, one pending
/// interrupt per line, a direction that is read late. Here is what differs between machines. A measured profile of a
/// board fills it in; without one, only what was measured is a preset.
public struct KernelModel: Sendable, Hashable {
    /// A fixed time, and up to `jitter` more, evenly spread.
    public struct Delay: Sendable, Hashable {
        public var fixed: Nanoseconds
        public var jitter: Nanoseconds

        public init(_ fixed: Nanoseconds, jitter: Nanoseconds = .zero) {
            self.fixed = fixed
            self.jitter = jitter
        }

        public static let none = Delay(.zero)
    }

    /// From the change to its hard interrupt, which stamps it. A change of the line before that is merged into it.
    public var interrupt: Delay
    /// From the hard interrupt to its thread, which reads the level for the direction and queues the event. An interrupt
    /// of the line before that gives the event its own, later stamp.
    public var thread: Delay
    /// Interrupts are served at multiples of this only, as gpio-sim's are under user-mode Linux; zero: at any time.
    public var interruptTick: Nanoseconds
    /// 1/HZ: what the kernel's debounce counts in.
    public var jiffy: Nanoseconds
    public var converter: Converter

    /// How the kernel takes the scans of a converter.
    public struct Converter: Sendable, Hashable {
        /// Scans that the buffer holds; one that is full refuses the newest, uncounted.
        public var bufferLength: Int
        /// From the time of a scan to its being triggered, and stamped (the hrtimer trigger).
        public var trigger: Delay
        /// Of a converter that is polled: how long one reading takes.
        public var conversion: Delay

        public init(
            bufferLength: Int = 128, trigger: Delay = .none, conversion: Delay = Delay(.microseconds(100))
        ) {
            self.bufferLength = bufferLength
            self.trigger = trigger
            self.conversion = conversion
        }
    }

    public init(
        interrupt: Delay = .none, thread: Delay = .none, interruptTick: Nanoseconds = .zero,
        jiffy: Nanoseconds = .milliseconds(4), converter: Converter = Converter()
    ) {
        self.interrupt = interrupt
        self.thread = thread
        self.interruptTick = interruptTick
        self.jiffy = jiffy
        self.converter = converter
    }

    /// As far as a bench measured it (docs/formats/profile.md).
    ///
    /// From least to 99.9%: the interrupt is `irq_latency_ns`, the write that made the change included. The thread is
    /// `ring_delay_ns`, which has tap's own waking and reading in it: the thread is no later than that. What was not
    /// measured is none; what a profile does not have (jiffy, converters) is as usual.
    public init(profile: Profile) {
        self.init(interrupt: Delay(profile.interruptLatency), thread: Delay(profile.ringDelay))
    }

    /// Notices everything at once.
    public static let ideal = KernelModel()

    /// The kernel of scripts/hil with gpio-sim, which is compared with this model case by case (docs/hil.md): HZ 1000,
    /// interrupts at its tick, everything else in no time.
    public static let testKernel = KernelModel(
        interruptTick: .milliseconds(1), jiffy: .milliseconds(1),
        converter: Converter(trigger: Delay(.zero, jitter: Nanoseconds(400))))
}

extension KernelModel.Delay {
    fileprivate init(_ spread: Profile.Spread?) {
        guard let spread else {
            self = .none
            return
        }
        // Files may say anything.
        let least = Int64(clamping: min(spread.minimum, spread.share999))
        self.init(Nanoseconds(least), jitter: Nanoseconds(Int64(clamping: spread.share999) - least))
    }
}
