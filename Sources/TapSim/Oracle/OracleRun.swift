import TapConfig
import TapCore

/// One run of a scenario as the oracle sees it: stride by stride its signals, and each claim with its distance from the
/// signal that it speaks of.
struct OracleRun {
    private var plant: any Plant
    private var route: ClaimRoute
    private let subjects: OracleSubjects
    /// By tag; nil: it speaks of no signal.
    private var hulls: [FilteredHull?]
    private var known: UInt64 = 0

    static let stride: UInt64 = 1_000_000_000

    /// What became known in a stride.
    struct Stride {
        var digital: [[Signals.Transition]]
        var analog: [[Signals.Knot]]
        /// In the order in which they were made; those that are still on their way come later.
        var claims: [Observed]
    }

    struct Observed {
        var claim: ClaimTruth
        /// In the tag's unit, from the hull of its signal over the delay; nil: it speaks of none, or never arrived.
        var distance: Double?
    }

    init(_ scenario: Scenario, _ plant: any Plant, _ subjects: OracleSubjects) {
        self.plant = plant
        self.subjects = subjects
        route = ClaimRoute(scenario, seed: scenario.seed, tags: plant.tags, keepsTruth: true)
        let past = 2 * subjects.channelDelay + 2 * OracleRun.stride
        let signals = plant.signals
        hulls = subjects.tags.map { tag in
            tag.wire.map { wire in
                FilteredHull(
                    wire.isDigital
                        ? (signals.digital[wire.index].startsHigh ? 1 : 0)
                        : wire.inUnitOfTag(signals.analog[wire.index].knots.first?.magnitude ?? 0),
                    constants_s: tag.filter_s, past: past + tag.delay)
            }
        }
    }

    mutating func advance(to time: UInt64) -> Stride {
        plant.advance(to: Timestamp(nanoseconds: time))
        let horizon = plant.signals.horizon.nanoseconds
        let signals = plant.signals
        for (tag, subject) in subjects.tags.enumerated() {
            guard let wire = subject.wire else { continue }
            if wire.isDigital {
                for change in signals.digital[wire.index].transitions where change.time <= horizon {
                    hulls[tag]?.jump(to: change.isHigh ? 1 : 0, at: change.time)
                }
            } else {
                for knot in signals.analog[wire.index].knots where knot.time > known {
                    hulls[tag]?.go(to: wire.inUnitOfTag(knot.magnitude), at: knot.time)
                }
            }
            hulls[tag]?.stay(until: horizon)
        }
        let stride = Stride(
            digital: signals.digital.map(\.transitions), analog: signals.analog.map(\.knots), claims: observed(horizon))
        plant.signals.forget(before: horizon + 1)
        known = horizon
        return stride
    }

    private mutating func observed(_ horizon: UInt64) -> [Observed] {
        for note in plant.takeNotes() {
            if case .claim(let claim, let truth) = note { route.put(claim, truth: truth) }
        }
        route.dropClaims(route.claims.count)
        guard horizon >= subjects.channelDelay else { return [] }
        return route.takeTruths(upTo: horizon - subjects.channelDelay).map {
            Observed(claim: $0, distance: distance(of: $0))
        }
    }

    private func distance(of claim: ClaimTruth) -> Double? {
        let tag = Int(claim.tag.id.index)
        guard let arrived = claim.arrived?.nanoseconds, let hull = hulls[tag] else { return nil }
        let value: Double
        switch claim.value {
        case .bool(let isTrue): value = isTrue ? 1 : 0
        case .number(let number): value = number
        case .text: return nil
        }
        let late = subjects.tags[tag].delay + subjects.channelDelay
        return hull.distance(of: value, from: arrived > late ? arrived - late : 0, to: arrived)
    }
}
