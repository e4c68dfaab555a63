import TapConfig
import TapCore
import TapSim

/// What is true of a boot, from its wires and faults alone: nothing that the program under test says is in it.
struct FuzzTruth {
    let boot: FuzzBoot
    /// The most that an edge is stamped after its change, but in a spike.
    let latency: Nanoseconds
    /// Everything before this was given on; what came later may be missing where the machine was cut off.
    let end: UInt64
    /// When the last fault is over, and what it did is to be gone.
    let recovered: UInt64

    init(_ boot: FuzzBoot, _ records: FuzzRecords) {
        self.boot = boot
        let model = boot.scenario.model
        latency = model.interrupt.fixed + model.interrupt.jitter
        // Merge waits two seconds longer for a source than that is silent at the most (`SourceInfo.longestWait`).
        let margin: UInt64 = 3_500_000_000
        let length = UInt64(boot.length.count)
        end = boot.isCut ? max(margin, records.until.nanoseconds) - margin : length
        let last = boot.faults.map(\.end).max() ?? .zero
        recovered = boot.faults.isEmpty ? 0 : UInt64((last + FuzzScenario.recovery).count)
    }

    func line(_ index: Int) -> FuzzScenario.Line {
        // Lines are numbered chip by chip.
        let ordered = (0..<boot.scenario.chips).flatMap { chip in boot.lines.filter { $0.chip == chip } }
        return ordered[index]
    }

    /// Spans of the faults that are of these names at these places.
    func spans(_ names: Set<Fault.Name>, at places: Set<Fault.Place>, margin: Nanoseconds = .zero) -> Spans {
        var spans = Spans()
        for fault in boot.faults where names.contains(fault.name) && places.contains(fault.place) {
            spans.add(fault.span.from, fault.span.to, margin: margin)
        }
        return spans
    }

    func places(of line: FuzzScenario.Line) -> Set<Fault.Place> {
        [.line(line.name), .chip(boot.scenario.name(ofChip: line.chip)), .consumer]
    }

    /// The chip's lines share its capture.
    func placesOfChip(_ chip: Int) -> Set<Fault.Place> {
        var places: Set<Fault.Place> = [.chip(boot.scenario.name(ofChip: chip)), .consumer]
        for line in boot.lines where line.chip == chip { places.insert(.line(line.name)) }
        return places
    }

    /// How much later than `latency` a stamp may be at its change's time.
    func spike(of line: FuzzScenario.Line, at time: UInt64) -> Nanoseconds {
        var extra = Nanoseconds.zero
        for fault in boot.faults where fault.place == .chip(boot.scenario.name(ofChip: line.chip)) {
            guard case .latencySpike(let more) = fault.effect, fault.span.contains(Timestamp(nanoseconds: time)) else {
                continue
            }
            extra = extra + more
        }
        return extra
    }
}
