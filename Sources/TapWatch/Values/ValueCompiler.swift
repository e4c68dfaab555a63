import TapConfig
import TapCore

/// Lays out what the atoms of a site's formulas ask, over the lines, channels and tags of a session.
struct ValueCompiler {
    let header: SessionHeader
    let site: Site
    /// Signals and sources of claims that count as missing in the session.
    let leftOut: Set<String>
    let start: Int64
    /// Of a watch before this one.
    let kept: WatchState
    /// Of claims of the time; nil: none is given, so that nothing decides them.
    let clock: (any ClockReader)?
    var nodes: [ValueNode] = []
    var hulls: [SlidingHull] = []
    var histories: [History] = []
    var counters: [CounterOffset] = []
    /// Whose they are, and what an edge counts.
    var counterNames: [(tag: TagName, each: Double)] = []
    var delays: [DelayEstimate] = []
    var repeats: [RepeatDetector] = []
    var floods: [FloodDetector] = []
    /// The node of each source's flood, by its name.
    var flooded: [String: Int] = [:]
    /// The node of each source's repetition, and the tags it compares, by the source's name.
    var repeating: [String: (node: Int, tags: [String])] = [:]
    /// The node of each line, tag and channel of the session that something asks for.
    var lines: [Int: Int] = [:]
    var tags: [Int: Int] = [:]
    var channels: [Int: [ScanReader.Channel]] = [:]
    /// The node of each source's silence, by its name.
    var silences: [String: Int] = [:]
    /// The node of what is written to each source, by its name.
    var written: [String: Int] = [:]
    /// Of channels that are watched for steps: as they are measured, and whether they are not trusted.
    var unguarded: [String: Int] = [:]
    var distrusts: [String: Int] = [:]
    /// Signals whose supplies are being looked for.
    var supplying: Set<String> = []
    /// The node of each work's permit, by its name.
    var permits: [String: Int] = [:]
    /// The node of what is approved for a tag, by its name.
    var approvals: [String: (node: Int, tag: SiteTag)] = [:]
    /// Of each source: its registers of which an approved value is expected, and where the last write to them is shown.
    private(set) var watchedRegisters: [String: [(register: SiteRegister, shown: Int)]] = [:]
    /// Signals, tags and sources that are asked for and that the session has not, by their names in the site.
    private(set) var missing: [String] = []
    /// What findings say of values.
    private(set) var shown: [(name: String, scale: Readings.Scale)] = []
    private var measures: [Measure: Int] = [:]
    private var conditions: [Condition: Int] = [:]
    private var others: [String: Int] = [:]

    init(
        _ header: SessionHeader, _ site: Site, without leftOut: Set<String> = [], start: Int64,
        kept: WatchState = WatchState(), clock: (any ClockReader)? = nil
    ) {
        self.leftOut = leftOut
        self.clock = clock
        self.kept = kept
        self.header = header
        self.site = site
        self.start = start
    }

    /// - Returns: nil: nothing of the session decides it.
    mutating func node(of atom: RuleAtom) -> Int? {
        switch atom {
        case .condition(let condition): node(of: condition)
        case .level(let line): wire(line).map { shared("\(line) level", ValueNode(kind: .level, left: $0)) }
        case .rises(let line): wire(line).map { shared("\(line) rises", ValueNode(kind: .rises, left: $0)) }
        case .said(let name):
            tag(name).map { shared("\(name) said", ValueNode(kind: .said, left: $0, right: approval(name) ?? -1)) }
        case .agreement(let name): agreement(name)
        case .balance(let rule): balance(rule)
        case .punctuality(let name): punctuality(name)
        case .repetition(let source): repetition(source)
        case .flood(let source): flood(of: source)
        case .written(let source): written(to: source)
        case .distrust(let channel): distrust(of: channel)
        case .permit(let work): permit(work)
        }
    }

    /// - Returns: nil.
    mutating func miss(_ name: String) -> Int? {
        if !missing.contains(name) { missing.append(name) }
        return nil
    }

    mutating func add(_ node: ValueNode) -> Int {
        nodes.append(node)
        return nodes.count - 1
    }

    mutating func shared(_ name: String, _ node: ValueNode) -> Int {
        if let known = others[name] { return known }
        let new = add(node)
        others[name] = new
        return new
    }

    mutating func node(of condition: Condition) -> Int? {
        if let known = conditions[condition] { return known }
        let new = newNode(of: condition)
        if let new { conditions[condition] = new }
        return new
    }

    private mutating func newNode(of condition: Condition) -> Int? {
        switch condition {
        case .constant(let isTrue): return add(ValueNode(kind: .constant, number: isTrue ? 1 : 0))
        case .line(let name): return wire(name)
        case .tag(let name): return tag(name)
        case .word(let name):
            guard case .condition(let meaning) = site.words.first(where: { $0.name == name })?.meaning else {
                return nil
            }
            return node(of: meaning)
        case .says(let name, let word):
            guard case .words(let words) = siteTag(name)?.tag.kind, let place = words.firstIndex(of: word) else {
                return nil
            }
            return tag(name).map { add(ValueNode(kind: .says, left: $0, place: place)) }
        case .silent(let source): return silent(source)
        case .not(let inner): return node(of: inner).map { add(ValueNode(kind: .not, left: $0)) }
        case .all(let parts): return chain(.and, parts)
        case .any(let parts): return chain(.or, parts)
        case .same(let left, let right): return chain(.same, [left, right])
        case .compare(let left, let relation, let right): return compare(left, relation, right)
        case .steady(let measure, let by, let over):
            guard let value = node(of: measure) else { return nil }
            return add(ValueNode(kind: .steady, left: value, number: by, place: hull(over)))
        case .jumps(let name):
            guard let signal = site.signals.first(where: { $0.name == name }), let fastest = signal.fastest,
                let value = stepping(name)
            else { return nil }
            let node = ValueNode(
                kind: .jumps, left: value, number: 2 * signal.accuracy, second: fastest * 1e-9, place: hull(.seconds(1))
            )
            return add(node)
        case .failed(let name):
            guard let trusted = site.signals.first(where: { $0.name == name })?.trusted,
                let value = channel(name, asMeasured: true)
            else { return nil }
            let (low, high) = (limit(trusted.lowerBound), limit(trusted.upperBound))
            let under = add(ValueNode(kind: .above, left: low, right: value))
            let over = add(ValueNode(kind: .above, left: value, right: high))
            return add(ValueNode(kind: .or, left: under, right: over))
        // What speaks of a window is a formula; within what is counted or summed it has no place yet.
        case .holds, .once, .historically, .eventually, .always, .since: return nil
        }
    }

    mutating func limit(_ value: Double) -> Int { add(ValueNode(kind: .constant, number: value)) }

    private mutating func chain(_ kind: ValueNode.Kind, _ parts: [Condition]) -> Int? {
        var result: Int?
        for (number, part) in parts.enumerated() {
            guard let next = node(of: part) else { return nil }
            if number == 0 {
                result = next
            } else {
                result = add(ValueNode(kind: kind, left: result ?? next, right: next))
            }
        }
        return result
    }

    private mutating func compare(_ left: Measure, _ relation: Relation, _ right: Measure) -> Int? {
        guard let first = node(of: left), let second = node(of: right) else { return nil }
        switch relation {
        case .atLeast: return add(ValueNode(kind: .atLeast, left: first, right: second))
        case .greater: return add(ValueNode(kind: .above, left: first, right: second))
        case .atMost: return add(ValueNode(kind: .atLeast, left: second, right: first))
        case .less: return add(ValueNode(kind: .above, left: second, right: first))
        }
    }

    mutating func node(of measure: Measure) -> Int? {
        if let known = measures[measure] { return known }
        let new = newNode(of: measure)
        if let new { measures[measure] = new }
        return new
    }

    private mutating func newNode(of measure: Measure) -> Int? {
        switch measure {
        case .quantity(let quantity): return add(ValueNode(kind: .constant, number: quantity.value))
        case .channel(let name): return channel(name)
        case .tag(let name): return tag(name)
        case .word(let name):
            guard case .measure(let meaning, _) = site.words.first(where: { $0.name == name })?.meaning else {
                return nil
            }
            return node(of: meaning)
        case .sum(let left, let right): return chain(.sum, [left, right])
        case .difference(let left, let right): return chain(.difference, [left, right])
        case .product(let left, let right): return chain(.product, [left, right])
        case .quotient(let left, let right): return chain(.quotient, [left, right])
        case .power(let inner, let exponent):
            return node(of: inner).map { add(ValueNode(kind: .power, left: $0, place: exponent)) }
        case .negative(let inner): return node(of: inner).map { add(ValueNode(kind: .negative, left: $0)) }
        case .magnitude(let inner): return node(of: inner).map { add(ValueNode(kind: .magnitude, left: $0)) }
        case .greatest(let parts): return chain(.greatest, parts)
        case .least(let parts): return chain(.least, parts)
        case .integral(let inner, let over):
            return node(of: inner).map { add(ValueNode(kind: .integral, left: $0, place: history(over))) }
        case .change(let inner, let over):
            return node(of: inner).map { add(ValueNode(kind: .change, left: $0, place: history(over))) }
        case .starts(let condition, let over):
            return node(of: condition).map {
                add(ValueNode(kind: .starts, left: $0, number: 1, place: history(over + Nanoseconds(1))))
            }
        case .counted(let name, let over):
            guard let each = site.signals.first(where: { $0.name == name })?.each else { return nil }
            return wire(name, isCounted: true).map {
                add(ValueNode(kind: .counted, left: $0, number: each.value, place: history(over + Nanoseconds(1))))
            }
        }
    }

    private mutating func chain(_ kind: ValueNode.Kind, _ parts: [Measure]) -> Int? {
        var result: Int?
        for (number, part) in parts.enumerated() {
            guard let next = node(of: part) else { return nil }
            if number == 0 {
                result = next
            } else {
                result = add(ValueNode(kind: kind, left: result ?? next, right: next))
            }
        }
        return result
    }

    mutating func hull(_ window: Nanoseconds) -> Int {
        hulls.append(SlidingHull(window: max(0, window.count), start: start))
        return hulls.count - 1
    }

    mutating func history(_ window: Nanoseconds) -> Int {
        histories.append(History(window: max(1, window.count)))
        return histories.count - 1
    }

    private mutating func agreement(_ name: TagName) -> Int? {
        if let known = others["\(name) agrees"] { return known }
        guard let (source, tag) = siteTag(name), let claim = self.tag(name) else { return nil }
        let agrees: ValueNode
        switch tag.agreement {
        case .measure(let measure):
            guard let value = node(of: measure) else { return nil }
            let place = hull(tag.late ?? source.late)
            let hulled = add(ValueNode(kind: .hull, left: value, place: place))
            agrees = ValueNode(kind: .agrees, left: hulled, right: claim, number: tag.within ?? 0, place: place)
        case .approved:
            guard let approved = approval(name) else { return nil }
            agrees = ValueNode(kind: .agrees, left: approved, right: claim, number: tag.within ?? 0, place: -1)
        case .edges(let line, let each):
            guard let counted = recent(line, over: tag.late ?? source.late) else { return nil }
            agrees = ValueNode(
                kind: .counts, left: counted, right: claim, number: each, place: counter(name, tag, source, each: each))
        case .clock:
            guard clock != nil else { return nil }
            agrees = ValueNode(
                kind: .clock, right: claim, number: tag.within ?? 0,
                second: Double((tag.late ?? source.late).count) * 1e-9)
        case .condition, .words, nil: return nil
        }
        return shared("\(name) agrees", agrees)
    }

    /// nil: the tag is compared with something else.
    private mutating func approval(_ name: TagName) -> Int? {
        guard let (_, tag) = siteTag(name), let value = tag.approved else { return nil }
        let node = shared("\(name) approved", ValueNode(kind: .approved, number: value))
        approvals[name.description] = (node, tag)
        return node
    }

    /// What is approved, and where the source hears writes the last one to its register.
    private mutating func showApprovals() {
        for (name, (node, tag)) in approvals.sorted(by: { $0.key < $1.key }) {
            let (zero, size) = tag.base(ofUnit: tag.unit)
            show(
                node, WatchedSite.approval(of: name),
                Readings.Scale(zero: zero, size: size, unit: tag.unit, step: 0.001))
        }
        for source in site.sources where written[source.name] != nil {
            for tag in source.tags where tag.approved != nil {
                guard let register = tag.register else { continue }
                watchedRegisters[source.name, default: []].append((register, shown.count))
                shown.append((WatchedSite.write(to: "\(source.name).\(tag.name)"), Readings.Scale()))
            }
        }
    }

    /// Has what is asked for of these, by their names in the site, kept for people.
    mutating func show() {
        for signal in site.signals {
            switch signal.wire {
            case .line(let wire):
                guard let index = header.lines.firstIndex(where: { $0.name == wire }), let node = lines[index],
                    header.lines[index].options.edges == .both
                else { continue }
                show(node, signal.name, Readings.Scale(isLine: true))
            case .channel:
                guard let node = measures[.channel(signal.name)] else { continue }
                let (zero, size) = signal.base
                show(
                    node, signal.name,
                    Readings.Scale(
                        zero: zero, size: size, unit: signal.unit, step: signal.accuracy / size, isChannel: true))
            }
        }
        for (index, node) in tags.sorted(by: { $0.key < $1.key }) {
            let name = TagName(source: header.tags[index].source, tag: header.tags[index].name)
            guard let (_, tag) = siteTag(name) else { continue }
            let (zero, size) = tag.base(ofUnit: tag.unit)
            var scale = Readings.Scale(zero: zero, size: size, unit: tag.unit, step: 0.001)
            if case .words(let words) = tag.kind { scale.words = words }
            if tag.kind == .clock { scale = Readings.Scale(step: 0.1, isClock: true) }
            show(node, name.description, scale)
        }
        showApprovals()
        for source in site.sources {
            if let node = written[source.name] {
                show(node, "\(source.name).\(BusWrite.tag)", Readings.Scale())
            }
        }
    }

    private mutating func show(_ node: Int, _ name: String, _ scale: Readings.Scale) {
        nodes[node].shown = shown.count
        shown.append((name, scale))
    }

    private mutating func balance(_ name: String) -> Int? {
        switch site.rules.first(where: { $0.name == name })?.body {
        case .balance(let left, let right, let absolute, let relative, _):
            guard let first = node(of: left), let second = node(of: right) else { return nil }
            return add(ValueNode(kind: .balance, left: first, right: second, number: absolute, second: relative))
        case .bound(let left, let right, let slack, _):
            guard let first = node(of: left), let second = node(of: right) else { return nil }
            return add(ValueNode(kind: .bound, left: first, right: second, number: slack))
        default: return nil
        }
    }
}
