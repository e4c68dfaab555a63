import TapConfig
import TapCore

/// What is made of many claims of a tag.
extension ValueCompiler {
    /// How many edges of a line there were in the last so long, which what was at its beginning is none of.
    mutating func recent(_ line: String, over time: Nanoseconds) -> Int? {
        wire(line, isCounted: true).map { wire in
            add(ValueNode(kind: .counted, left: wire, number: 1, place: history(time)))
        }
    }

    mutating func counter(_ name: TagName, _ tag: SiteTag, _ source: SiteClaimSource, each: Double) -> Int {
        // One of the register's number, and what it goes round after.
        let step = abs(tag.unitSize * (tag.register.map { $0.scale.value(1) - $0.scale.value(0) } ?? 1))
        let (steps, whole) = (step / each, (each / step).rounded())
        let isWhole = whole >= 1 && abs(each / step - whole) < 1e-9 * whole
        var wrap = 0.0
        if let register = tag.register, register.form != .float {
            wrap = (0..<16 * register.words).reduce(1.0) { size, _ in 2 * size } * steps
        }
        counters.append(
            CounterOffset(
                wrap: wrap, grain: isWhole ? 0 : steps, isRetained: source.isRetained,
                silence: ValueCompiler.silence(of: source).count,
                // One that goes round soon may have done so meanwhile.
                last: wrap > 0 && wrap < 1e9 * steps ? nil : kept.counters[name.description].map { $0 / each }))
        counterNames.append((name, each))
        return counters.count - 1
    }

    /// Claims of a value are late by no more than allowed.
    mutating func punctuality(_ name: TagName) -> Int? {
        guard let (_, tag) = siteTag(name), let limit = tag.lateByAtMost, case .measure(let measure) = tag.agreement,
            let claim = self.tag(name), let value = node(of: measure)
        else { return nil }
        let over = Nanoseconds.seconds(10)
        let change = add(ValueNode(kind: .change, left: value, place: history(over)))
        delays.append(DelayEstimate(start: start))
        return add(
            ValueNode(
                kind: .inTime, left: change, right: claim, number: Double(limit.count) * 1e-9,
                second: Double(over.count) * 1e-9,
                place: delays.count - 1))
    }

    mutating func repetition(_ name: String) -> Int? {
        guard let source = site.sources.first(where: { $0.name == name }), let asked = source.repeats,
            asked.tags.allSatisfy({ has($0, of: name) })
        else { return nil }
        let every = max(1, source.every.count)
        let span = max(1, asked.span.time(every: source.every).count / every)
        let capacity = min(Int64(RepeatDetector.most), asked.within.count / every + 2 * span)
        repeats.append(
            RepeatDetector(
                tags: asked.tags.count, span: Int(min(span, Int64(RepeatDetector.most / 4))), capacity: Int(capacity),
                within: asked.within.count))
        let silence = Double(ValueCompiler.silence(of: source).count)
        let node = add(ValueNode(kind: .repeats, number: silence, place: repeats.count - 1))
        repeating[name] = (node, asked.tags)
        return node
    }

    mutating func flood(of name: String) -> Int? {
        guard let source = site.sources.first(where: { $0.name == name }),
            header.tags.contains(where: { $0.source == name })
        else { return miss(name) }
        floods.append(FloodDetector(most: source.mostClaims))
        let node = add(ValueNode(kind: .flooded, place: floods.count - 1))
        flooded[name] = node
        return node
    }

    mutating func written(to name: String) -> Int? {
        guard has(BusWrite.tag, of: name) else {
            return miss("\(name).\(BusWrite.tag)")
        }
        let node = shared("\(name) written", ValueNode(kind: .written))
        written[name] = node
        return node
    }

    mutating func permit(_ work: String) -> Int {
        let node = shared("\(work) permitted", ValueNode(kind: .permit))
        permits[work] = node
        return node
    }
}
