import TapConfig
import TapCore

/// One requested line in the kernel: from the change of its wire to an event in the queue.
///
/// As drivers/gpio/gpiolib-cdev.c has it (edge_irq_handler, edge_irq_thread, debounce_work_func): the hard interrupt
/// stamps, its thread reads the level later. One interrupt can be pending, and one thread be woken: what comes in
/// between is merged, and a merged event carries the later stamp.
struct InterruptLine {
    private let wire: Wire
    private var queue: EventQueue
    /// The next events' number is one more; wraps at 2^32.
    private var sequence: UInt32 = 0
    private(set) var isListening = true
    private let options: LineOptions
    private let model: KernelModel
    private var random: Random
    /// When the pending interrupt is served, when its thread runs, when the debounced level settles.
    private var interruptAt: Timestamp?
    private var threadAt: Timestamp?
    private var settleAt: Timestamp?
    private var stampedAt = Timestamp.zero
    /// The logical level that the debounce lets through.
    private var settled: Bool

    init(_ wire: Wire, _ options: LineOptions, queue: EventQueue, _ model: KernelModel, _ random: Random) {
        self.wire = wire
        self.options = options
        self.queue = queue
        self.model = model
        self.random = random
        settled = wire.isHigh != options.isActiveLow
    }

    private var isDebounced: Bool { options.debounce > .zero }

    private var logical: Bool { wire.isHigh != options.isActiveLow }

    /// The logical level, as a program sees it.
    var level: Bool { isDebounced && isListening ? settled : logical }

    mutating func listen(_ isListening: Bool) {
        self.isListening = isListening
        interruptAt = nil
        threadAt = nil
        settleAt = nil
        settled = logical
    }

    var isLaidDown: Bool { wire.isLaidDown }

    var hasEvents: Bool { queue.count > 0 }

    mutating func take(into target: inout MutableSpan<LineEvent>) -> Int {
        queue.take(into: &target, atMost: LineEvent.batch)
    }

    /// Goes on to a time. Where several things fall on one instant, the kernel's come before the wire's next change.
    mutating func advance(to now: Timestamp, _ conditions: KernelConditions) {
        while true {
            let change = wire.peek(upTo: now)
            let next = min(
                change ?? .distantFuture, interruptAt ?? .distantFuture, threadAt ?? .distantFuture,
                settleAt ?? .distantFuture)
            guard next <= now else { return }
            if interruptAt == next {
                serve(next, conditions)
            } else if threadAt == next {
                threadAt = nil
                // With one direction asked for, the kernel does not look.
                let isRising = options.edges == .both ? logical : options.edges == .rising
                put(isRising: isRising, stampedAt, conditions)
            } else if settleAt == next {
                settle(next, conditions)
            } else {
                wire.take()
                changed(next, conditions)
            }
        }
    }

    /// When there may be an event more to be read; nil: not before `limit`.
    mutating func ready(before limit: Timestamp) -> Timestamp? {
        guard isListening else { return nil }
        if let threadAt { return threadAt }
        if let interruptAt { return interruptAt + model.thread.fixed }
        return settleAt ?? wire.peek(upTo: limit)
    }

    private mutating func changed(_ now: Timestamp, _ conditions: KernelConditions) {
        guard isListening, interruptAt == nil else { return }
        guard isDebounced || options.edges == .both || logical == (options.edges == .rising) else { return }
        var served = now + model.interrupt.draw(&random) + conditions.spike(at: now)
        if model.interruptTick > .zero {
            let tick = UInt64(model.interruptTick.count)
            served = Timestamp(nanoseconds: (served.nanoseconds / tick + 1) * tick)
        }
        interruptAt = served
    }

    private mutating func serve(_ now: Timestamp, _ conditions: KernelConditions) {
        interruptAt = nil
        if isDebounced {
            // Begins anew with each interrupt; counted in whole jiffies (usecs_to_jiffies rounds up).
            let jiffy = UInt64(model.jiffy.count)
            let wait = (UInt64(options.debounce.count) + jiffy - 1) / jiffy
            settleAt = Timestamp(nanoseconds: (now.nanoseconds / jiffy + wait) * jiffy)
        } else {
            stampedAt = now
            if threadAt == nil { threadAt = now + model.thread.draw(&random) + conditions.spike(at: now) }
        }
    }

    private mutating func settle(_ now: Timestamp, _ conditions: KernelConditions) {
        settleAt = nil
        guard logical != settled else { return }
        settled = logical
        guard options.edges == .both || settled == (options.edges == .rising) else { return }
        put(isRising: settled, now, conditions)
    }

    private mutating func put(isRising: Bool, _ stamp: Timestamp, _ conditions: KernelConditions) {
        sequence &+= 1
        queue.put(
            LineEvent(
                nanoseconds: conditions.stamp(of: stamp).nanoseconds, sequence: sequence, rising: isRising ? 1 : 0))
    }
}

extension KernelModel.Delay {
    func draw(_ random: inout Random) -> Nanoseconds {
        jitter > .zero ? fixed + Nanoseconds(Int64(random.below(UInt64(jitter.count) + 1))) : fixed
    }
}
