import TapCore
import TestSupport

@testable import TapRecord

/// One line as a listener of a kernel reports it, and its truth: edges that are lost, mutes, a chip that goes, readings that
/// fail, edges that come behind their watermark.
struct TruthLineMaker {
    let line: LineID
    private(set) var truth = TruthLine()
    private var isHigh = false
    /// As the edges lead to; nil: not listened to.
    private var led: Bool? = false
    private var lastTime: UInt64
    private var sequence: UInt32 = 0
    private var tally: Reread?
    private var written: UInt64
    private var unheard: (kind: Gap.Kind, since: UInt64, until: UInt64)?
    private var held: Edge?

    init(_ line: LineID, at begin: UInt64, into recorder: inout Recorder) {
        self.line = line
        (lastTime, written) = (begin, begin)
        truth.begin = begin
        level(.first, at: begin + 2, into: &recorder)
    }

    private func stamp(_ time: UInt64) -> Timestamp { Timestamp(nanoseconds: time) }

    private mutating func level(_ reason: Level.Reason, at time: UInt64, into recorder: inout Recorder) {
        led = isHigh
        if reason != .muted { truth.known.append(time) }
        recorder.event(
            .level(Level(line: line, isHigh: isHigh, reason: reason, notBefore: stamp(time - 1), notAfter: stamp(time)))
        )
    }

    private mutating func gap(
        _ kind: Gap.Kind, _ from: UInt64, _ to: UInt64?, at time: UInt64, into recorder: inout Recorder
    ) {
        if let to { truth.events.append(.loss(from: from, to: to)) }
        recorder.event(
            .gap(
                Gap(
                    kind, .line(line), .unknown, discovered: stamp(time), from: stamp(from),
                    to: to.map(stamp) ?? .distantFuture)))
    }

    /// What was held back comes behind a watermark.
    mutating func release(into recorder: inout Recorder) {
        if let held { recorder.edge(held) }
        held = nil
    }

    /// The next tenth of a second.
    mutating func step(at time: UInt64, _ dice: inout Dice, into recorder: inout Recorder) {
        release(into: &recorder)
        if let unheard {
            if dice.isTrue(oneIn: 4) { change(at: time - 3) }
            if time >= unheard.until { resume(unheard.kind, since: unheard.since, at: time, into: &recorder) }
            return
        }
        switch dice.below(1_500) {
        case 0..<40: edge(at: time - UInt64(dice.below(50_000_000)) - 10, &dice, into: &recorder)
        case 40..<42: change(at: time - 7)  // the kernel lost its event
        case 42..<44: stop(.muted, at: time, for: dice.below(3_000), into: &recorder)
        case 44: stop(.sourceGone, at: time, for: dice.below(6_000), into: &recorder)
        default: break
        }
        if time % 1_000_000_000 == 0, unheard == nil {
            reread(at: time + 5, fails: dice.isTrue(oneIn: 60), into: &recorder)
        }
    }

    private mutating func change(at time: UInt64) {
        isHigh.toggle()
        truth.edges.append(time)
    }

    private mutating func edge(at time: UInt64, _ dice: inout Dice, into recorder: inout Recorder) {
        guard time > lastTime + 20 else { return }
        change(at: time)
        sequence += 1
        if isHigh == led { gap(.repeatedPolarity, lastTime, time, at: time, into: &recorder) }
        (led, lastTime) = (isHigh, time)
        truth.known.append(time)
        let edge = Edge(time: stamp(time), line: line, sequence: sequence, flags: isHigh ? .rising : [])
        if dice.isTrue(oneIn: 8) { held = edge } else { recorder.edge(edge) }
    }

    private mutating func reread(at time: UInt64, fails: Bool, into recorder: inout Recorder) {
        if !fails, isHigh != led {
            write(at: time, into: &recorder)
            gap(.levelDisagreement, lastTime, time, at: time, into: &recorder)
            level(.disagreement, at: time + 1, into: &recorder)
            lastTime = time + 1
            return
        }
        var sum =
            tally
            ?? Reread(
                line: line, time: stamp(time), from: stamp(time - 1), to: stamp(time), isHigh: nil, agreed: 0, failed: 0
            )
        sum.to = stamp(time)
        sum.isHigh = fails ? nil : isHigh
        if fails { sum.failed += 1 } else { sum.agreed += 1 }
        tally = sum
        if time - written >= (sum.failed > 0 ? 1_000_000_000 : 10_000_000_000) { write(at: time, into: &recorder) }
    }

    private mutating func write(at time: UInt64, into recorder: inout Recorder) {
        guard var sum = tally else { return }
        sum.time = stamp(time)
        truth.events.append(
            .reread(from: sum.from.nanoseconds, to: sum.to.nanoseconds, agreed: sum.agreed, failed: sum.failed))
        recorder.event(.reread(sum))
        (tally, written) = (nil, time)
    }

    private mutating func stop(_ kind: Gap.Kind, at time: UInt64, for milliseconds: Int, into recorder: inout Recorder)
    {
        release(into: &recorder)
        write(at: time, into: &recorder)
        unheard = (kind, time, time + UInt64(milliseconds) * 1_000_000)
        gap(kind, time, nil, at: time, into: &recorder)
    }

    private mutating func resume(_ kind: Gap.Kind, since: UInt64, at time: UInt64, into recorder: inout Recorder) {
        unheard = nil
        if kind == .muted {
            level(.resumed, at: time + 2, into: &recorder)
            gap(.muted, since, time, at: time + 3, into: &recorder)
        } else {
            level(.resumed, at: time + 2, into: &recorder)
            gap(.sourceBack, since, time + 3, at: time + 3, into: &recorder)
        }
        lastTime = time + 3
    }

    mutating func finish(at time: UInt64, into recorder: inout Recorder) {
        release(into: &recorder)
        write(at: time, into: &recorder)
        if let unheard { truth.events.append(.loss(from: unheard.since, to: .max)) }
        truth.end = time
    }
}
