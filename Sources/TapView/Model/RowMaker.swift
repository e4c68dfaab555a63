import TapConfig
import TapCore
import TapWatch

/// What wires carry and what is claimed, as people read it.
struct RowMaker {
    let site: Site
    let layout: WindowLayout
    let memory: WindowMemory.Now
    let present: Present

    /// Of a signal that no tag speaks of alone.
    func row(of signal: SiteSignal) -> WindowModel.Row {
        WindowModel.Row(signal: signal.name, unit: signal.unit, meaning: signal.high, wire: wire(signal))
    }

    func row(of tag: SiteTag, _ source: SiteClaimSource) -> WindowModel.Row {
        let signal = site.signal(of: tag)
        let name = "\(source.name).\(tag.name)"
        guard let place = layout.lane(named: name) else { return WindowModel.Row(tag: name) }
        let lane = layout.lanes[place]
        var row = WindowModel.Row(tag: name, signal: signal?.name, unit: lane.unit, meaning: signal?.high ?? "")
        let (claim, said) = claim(lane, memory.lanes[place], tag, source)
        row.claim = claim
        switch tag.agreement {
        case .condition(let condition):
            let truth = present.truth(of: condition)
            row.wire = side(of: condition, text: truth.map { $0 ? "on" : "off" })
        case .words(let conditions):
            guard case .words(let words) = tag.kind else { break }
            let held = zip(words, conditions).filter { _, condition in
                condition.flatMap { present.truth(of: $0) } == true
            }
            row.wire = side(of: .any(conditions.compactMap { $0 }), text: held.count == 1 ? held[0].0 : nil)
        case .measure(let measure):
            let value = present.value(of: measure)
            var wire = side(site.reliance(on: measure).signals, text: nil)
            if let value, wire.state == .known {
                wire.text = lane.text(value)
                if let said { row.difference = lane.difference(said - value) }
            }
            if let signal, signal.dimension == tag.dimension {
                wire.trend = trend(signal)
            } else if let signal {
                row.note = "worked out from \(signal.name)"
            }
            row.wire = wire
        case .approved(let value):
            row.note = "approved: \(lane.text(value))"
            if let said { row.difference = lane.difference(said - value) }
        case .edges(let line, let each):
            guard let place = layout.lane(named: line) else { break }
            var wire = side([line], text: nil)
            if wire.state == .known {
                wire.text = "\(lane.text(Double(memory.lanes[place].pulses) * each)) since the start"
            }
            row.wire = wire
        case .clock, nil: break
        }
        return row
    }

    // Claims

    /// - Returns: the number that is claimed, in the SI's base, as well; nil: none is known.
    private func claim(
        _ lane: Lane, _ now: LaneNow, _ tag: SiteTag, _ source: SiteClaimSource
    ) -> (WindowModel.Side, Double?) {
        let age = now.heard.map { Nanoseconds(max(0, memory.reached - $0)) }
        let silence = (source.silentAfter ?? .polls(3)).time(every: source.every) + source.late
        var side = WindowModel.Side(state: state(now.state), age: age)
        let heard = source.isByException ? lastHeard(of: source) : now.heard
        if let heard, memory.reached - heard > silence.count, side.state == .known { side.state = .silent }
        guard side.state == .known else { return (side, nil) }
        guard now.value == now.value else {
            side.text = now.text
            return (side, nil)
        }
        switch tag.kind {
        case .bool: side.text = now.value != 0 ? "on" : "off"
        case .words(let words):
            let place = Int(exactly: now.value) ?? -1
            side.text =
                words.indices.contains(place)
                ? words[place] : "\(DecimalText.text(now.value, step: 1)), which is no word of it"
        case .number: side.text = lane.text(now.value)
        case .clock: side.text = now.text
        }
        return (side, tag.kind == .number ? now.value : nil)
    }

    /// When any tag was claimed, clocks aside: a screen goes on claiming its own while nobody answers it.
    private func lastHeard(of source: SiteClaimSource) -> Int64? {
        source.tags.compactMap { tag in
            guard tag.kind != .clock, let place = layout.lane(named: "\(source.name).\(tag.name)") else { return nil }
            return memory.lanes[place].heard
        }.max()
    }

    // Wires

    private func wire(_ signal: SiteSignal) -> WindowModel.Side {
        var side = side([signal.name], text: nil)
        guard let place = layout.lane(named: signal.name), side.state == .known || side.state == .muted else {
            return side
        }
        let (lane, now) = (layout.lanes[place], memory.lanes[place])
        guard now.value == now.value else { return side }
        switch lane.kind {
        case .digital: side.text = now.value != 0 ? "high" : "low"
        case .count: side.text = "\(now.pulses) pulses since the start"
        case .analog, .claim:
            side.text = lane.text(now.value)
            side.trend = trend(signal)
        }
        return side
    }

    private func side(of condition: Condition, text: String?) -> WindowModel.Side {
        side(site.reliance(on: condition).signals, text: text)
    }

    /// Of signals together: the worst state, the greatest age. Without signals it is known as far as it has a text.
    private func side(_ signals: Set<String>, text: String?) -> WindowModel.Side {
        let places = signals.compactMap { layout.lane(named: $0) }
        let all = places.map { now(of: $0) }
        var side = WindowModel.Side(state: .known, text: text)
        for state in [WindowModel.Side.State.lost, .muted, .unknown]
        where all.contains(where: { self.state($0.state) == state }) {
            side.state = state
            break
        }
        side.age = places.map { age(of: $0) }.reduce(.zero) { most, age in
            guard let most, let age else { return nil }
            return max(most, age)
        }
        if all.isEmpty { side.age = nil }
        if side.state == .lost || side.state == .unknown { side.text = nil }
        return side
    }

    /// A channel that gives nothing is unknown, as for the rules.
    private func now(of place: Int) -> LaneNow {
        var now = memory.lanes[place]
        if now.state == .known, let heard = now.heard, memory.reached - heard > layout.lanes[place].lasts {
            now.state = .unknown
        }
        return now
    }

    /// A level is what it was until an edge says otherwise: it is known as of now where nobody reads it again.
    private func age(of place: Int) -> Nanoseconds? {
        let (lane, now) = (layout.lanes[place], memory.lanes[place])
        guard let heard = now.heard else { return nil }
        if lane.kind == .digital, !lane.isReread, now.state == .known { return .zero }
        return Nanoseconds(max(0, memory.reached - heard))
    }

    private func state(_ state: LaneNow.State) -> WindowModel.Side.State {
        switch state {
        case .known: .known
        case .unknown: .unknown
        case .lost: .lost
        case .muted: .muted
        }
    }

    /// How fast a channel changes, where that is more than its accuracy; nil: not known, or it stands.
    private func trend(_ signal: SiteSignal) -> String? {
        guard let place = layout.lane(named: signal.name) else { return nil }
        let lane = layout.lanes[place]
        guard let rate = memory.lanes[place].rate?.rate(beyond: 3 * lane.step * lane.size) else { return nil }
        guard abs(rate.change) > lane.step * lane.size, rate.perSecond != 0 else { return nil }
        let perMinute = abs(rate.perSecond * 60 / lane.size)
        var step = 1.0
        while step > 1e-6, perMinute < 10 * step { step /= 10 }
        let unit = lane.unit.isEmpty ? "" : " \(lane.unit)"
        return "\(rate.perSecond > 0 ? "rising" : "falling") \(DecimalText.text(perMinute, step: step))\(unit)/min"
    }
}
