public import TapConfig
import TapCore

/// Brings faults about: what each part of a simulated machine is to do when. It never judges what comes of them.
public struct FaultPlan: Sendable {
    public let faults: [Fault]

    /// - Parameter faults: legal ones.
    public init(_ faults: [Fault]) { self.faults = faults }

    /// How long a chip is away before another program has its line.
    static let moment = Nanoseconds.milliseconds(500)

    private func faults(at place: Fault.Place) -> [Fault] { faults.filter { $0.place == place } }

    /// Of the kernel under a chip, whose lines have these names, by offset.
    public func apply(to kernel: SimKernel, chip label: String, lines: [String]) {
        for fault in faults(at: .chip(label)) {
            switch fault.effect {
            case .latencySpike(let extra): kernel.conditions.spikes.append((fault.span, extra))
            case .chipUnplug: kernel.unplug(label, from: fault.span.from, to: fault.span.to)
            case .readError: kernel.conditions.failing.append((label, fault.span))
            default: break
            }
        }
        for (offset, line) in lines.enumerated() {
            for fault in faults(at: .line(line)) {
                guard case .lineBusy(let consumer) = fault.effect else { continue }
                kernel.unplug(label, from: fault.span.from, to: fault.span.from + min(FaultPlan.moment, fault.lasting))
                kernel.conditions.holders.append((label, offset, consumer, fault.span))
            }
        }
    }

    public func conditions(ofConverter name: String) -> ConverterConditions {
        var conditions = ConverterConditions()
        for fault in faults(at: .converter(name)) {
            switch fault.effect {
            case .readError: conditions.absent.append(fault.span)
            case .stuckADC: conditions.stuck.append(fault.span)
            case .droppedScans: conditions.dropped.append(fault.span)
            case .duplicatedScans: conditions.duplicated.append(fault.span)
            case .tornStream: conditions.torn.append(fault.span)
            default: break
            }
        }
        return conditions
    }

    public func wallClock(epoch: UInt64) -> WallClock {
        var clock = WallClock(epoch: epoch)
        for fault in faults(at: .clock) {
            switch fault.effect {
            case .clockStep(let by): clock.steps.append(WallClock.Step(at: fault.span.from, by: by))
            case .clockDrift(let rate):
                clock.drifts.append(
                    WallClock.Drift(from: fault.span.from, to: fault.span.to, partsPerBillion: rate))
            case .synchronisationLost:
                clock.drifts.append(WallClock.Drift(from: fault.span.from, to: fault.span.to, partsPerBillion: 0))
            default: break
            }
        }
        return clock
    }

    /// When the consumer is not stepped.
    public var consumerStalls: [KernelConditions.Span] {
        faults.filter { $0.name == .slowConsumer }.map(\.span)
    }

    /// When the capture of the chip with these lines is not stepped.
    public func captureStalls(lines: [String]) -> [KernelConditions.Span] {
        lines.flatMap { faults(at: .line($0)) }.filter { $0.name == .queueOverflow }.map(\.span)
    }

    public func captureStalls(converter name: String) -> [KernelConditions.Span] {
        faults(at: .converter(name)).filter { $0.name == .queueOverflow }.map(\.span)
    }

    /// When a line storms.
    package func storms(of line: String) -> [KernelConditions.Span] {
        faults(at: .line(line)).filter { [.queueOverflow, .stormLine].contains($0.name) }.map(\.span)
    }

    /// A wire with its storms. What it does otherwise while one lasts is not seen.
    package func wire(_ own: any WireFeed, of line: String) -> any WireFeed {
        faults(at: .line(line)).reduce(own) { wire, fault in
            switch fault.effect {
            case .queueOverflow(let period), .stormLine(let period): StormWire(wire, fault.span, period: period)
            default: wire
            }
        }
    }

    /// The most by which a chip's events are later than they are anyway, once they can be read.
    func longestDelay(ofChip label: String) -> Nanoseconds {
        faults(at: .chip(label)).reduce(.zero) { longest, fault in
            guard case .latencySpike(let extra) = fault.effect else { return longest }
            return longest + extra
        }
    }

    /// The same of a converter's scans: those that do not fill a block wait for others.
    func longestDelay(ofConverter name: String) -> Nanoseconds {
        faults(at: .converter(name)).reduce(.zero) { longest, fault in
            switch fault.effect {
            case .queueOverflow, .droppedScans: longest + fault.lasting
            default: longest
            }
        }
    }
}

extension Fault {
    package var span: KernelConditions.Span { KernelConditions.Span(from: .zero + at, to: .zero + end) }
}
