import TapCore

/// Gives the scans of one device to a graph: as blocks where the smallest and the greatest of a block decide everything, scan by
/// scan where not.
struct ScanReader {
    struct Channel {
        var node: Int
        var info: ChannelInfo
        /// value = base + raw * slope; the raw one is in the channel's unit.
        var base: Double
        var slope: Double
        var trusted: ClosedRange<Double>?
        var accuracy: Double
        /// Of one that is watched for steps, with its name in the site and the node that is 1 while it is not trusted.
        var steps: StepGuard?
        var name = ""
        var flag = -1
    }

    /// Scans that are looked at together.
    private static let most = 256
    private let channels: ContiguousArray<Channel>
    /// Of those that are watched for steps: their places, and the nodes that are 1 while they are not trusted.
    private let guarded: ContiguousArray<Int>
    private let flags: ContiguousArray<Int>
    private var guards: ContiguousArray<StepGuard>
    /// What depends on the device.
    private let all: ContiguousArray<UInt64>
    /// Of that, what rests on this device alone and on nothing of the past: a span of its channels decides it.
    private let pure: ContiguousArray<UInt64>
    private let rest: ContiguousArray<UInt64>
    private let hasRest: Bool
    /// From one scan to the next, unless a block says so; 0: not known.
    private let usualPeriod: Int64
    /// Where that is not known: the longest one so far, and the scan before.
    private var longestPeriod: Int64 = 0
    private var before: Int64?
    private var values: ContiguousArray<Double>

    init(_ device: DeviceInfo, _ channels: [Channel], _ graph: ValueGraph) {
        self.channels = ContiguousArray(
            channels.map { channel in
                var channel = channel
                channel.steps = nil
                return channel
            })
        guarded = ContiguousArray(channels.indices.filter { channels[$0].steps != nil })
        guards = ContiguousArray(channels.compactMap(\.steps))
        usualPeriod = device.rate_hz.map { $0 > 0 && $0 < 1e9 ? Int64(1e9 / max($0, 1e-6)) : 0 } ?? 0
        flags = ContiguousArray(channels.filter { $0.steps != nil }.map(\.flag))
        values = ContiguousArray(repeating: 0, count: ScanReader.most * max(1, channels.count + flags.count))
        var all = ContiguousArray<UInt64>(repeating: 0, count: graph.wordCount)
        let own = channels.map(\.node) + flags
        for node in own {
            for word in all.indices { all[word] |= graph.masks[node * graph.wordCount + word] }
        }
        func has(_ mask: ContiguousArray<UInt64>, _ node: Int) -> Bool { mask[node >> 6] >> UInt64(node & 63) & 1 == 1 }
        let channelNodes = Set(own)
        let pure = ScanReader.pure(graph, channelNodes)
        rest = ContiguousArray(all.indices.map { all[$0] & ~pure[$0] })
        hasRest = graph.nodes.indices.contains { has(all, $0) && !has(pure, $0) && !channelNodes.contains($0) }
        self.all = all
        self.pure = pure
    }

    /// Nodes that nothing but these channels and constants decide, and that no other node needs scan by scan.
    private static func pure(_ graph: ValueGraph, _ channels: Set<Int>) -> ContiguousArray<UInt64> {
        let leaves = channels.union(graph.nodes.indices.filter { graph.nodes[$0].kind == .constant })
        func operands(_ node: Int) -> [Int] { [graph.nodes[node].left, graph.nodes[node].right].filter { $0 >= 0 } }
        var own = Set(graph.nodes.indices.filter { graph.nodes[$0].isPlain && !operands($0).isEmpty })
        var isChanged = true
        while isChanged {
            let before = own.count
            for node in graph.nodes.indices {
                let parts = operands(node)
                if own.contains(node), !parts.allSatisfy({ leaves.contains($0) || own.contains($0) }) {
                    own.remove(node)
                }
                if !own.contains(node) { for part in parts { own.remove(part) } }
            }
            isChanged = own.count < before
        }
        var mask = ContiguousArray<UInt64>(repeating: 0, count: graph.wordCount)
        for node in own where operands(node).contains(where: { channels.contains($0) || own.contains($0) }) {
            mask[node >> 6] |= 1 << UInt64(node & 63)
        }
        return mask
    }

    mutating func scans(_ block: ScanBlock, _ raw: RawSpan, _ graph: inout ValueGraph, _ watch: inout Watch) {
        let first = Int64(clamping: block.firstTime.nanoseconds)
        let period = max(0, block.period.count)
        if let before { longestPeriod = max(longestPeriod, first &- before) }
        before = first &+ period &* Int64(max(0, block.count - 1))
        let nominal = period > 0 ? period : usualPeriod > 0 ? usualPeriod : longestPeriod
        let unsure = min(max(0, block.uncertainty.count), 1 << 60)
        let lasts = nominal > 0 ? Int64(clamping: 3 * min(nominal, 1 << 60)) + unsure : Int64.max
        var done = 0
        while done < block.count {
            let count = min(ScanReader.most, block.count - done)
            let begin = first &+ period &* Int64(done)
            read(raw, at: done * block.bytesPerScan, each: block.bytesPerScan, count)
            guardSteps(
                raw, at: done * block.bytesPerScan, each: block.bytesPerScan, count, from: begin, period: period,
                graph.now)
            give(count, from: begin, each: period, lasts: lasts, &graph, &watch)
            done += count
        }
    }

    /// The channels gave nothing from then on.
    mutating func lose(_ graph: inout ValueGraph) {
        before = nil
        for channel in channels { graph.set(channel: channel.node, .unknown, until: .max) }
        for place in guards.indices {
            graph.set(channel: flags[place], .unknown, until: .max)
            guards[place].lose(at: graph.now)
        }
        graph.mark(all)
    }

    /// A person says that what comes after the instant that is open is right.
    mutating func trust(_ name: String, _ graph: ValueGraph) {
        for place in guards.indices where channels[guarded[place]].name == name { guards[place].trust(at: graph.now) }
    }

    /// The last trusted values of channels that are not trusted, by their names in the site.
    var distrusted: [String: Double] {
        var result: [String: Double] = [:]
        for place in guards.indices where !guards[place].isTrusted {
            if let home = guards[place].home { result[channels[guarded[place]].name] = home }
        }
        return result
    }

    private mutating func read(_ raw: RawSpan, at start: Int, each: Int, _ count: Int) {
        for (number, channel) in channels.enumerated() {
            let (base, info) = (number * ScanReader.most, channel.info)
            for scan in 0..<count {
                let value = info.value(in: raw, at: start + scan * each + info.byteOffset)
                let isTrusted = channel.trusted.map { $0.contains(value) } ?? true
                values[base + scan] = isTrusted ? channel.base + value * channel.slope : .nan
            }
        }
    }

    /// Steps of channels that are watched for them make values unknown. What comes before `now` is too late.
    private mutating func guardSteps(
        _ raw: RawSpan, at start: Int, each: Int, _ count: Int, from begin: Int64, period: Int64, _ now: Int64
    ) {
        for place in guards.indices {
            let (number, flag) = (guarded[place], (channels.count + place) * ScanReader.most)
            let (base, info, slope) = (number * ScanReader.most, channels[number].info, channels[number].slope)
            for scan in 0..<count where begin &+ period &* Int64(scan) >= now {
                // Also of a transmitter that signals a failure.
                let value = info.value(in: raw, at: start + scan * each + info.byteOffset)
                let isMeasured = values[base + scan].isFinite
                let isTrusted = guards[place].take(
                    channels[number].base + value * slope, isMeasured: isMeasured, at: begin &+ period &* Int64(scan))
                values[flag + scan] = isMeasured && !isTrusted ? 1 : 0
                if !isTrusted { values[base + scan] = .nan }
            }
        }
    }

    private mutating func give(
        _ count: Int, from begin: Int64, each period: Int64, lasts: Int64, _ graph: inout ValueGraph,
        _ watch: inout Watch
    ) {
        let last = begin &+ period &* Int64(count - 1)
        var isDecided = false
        if count > 1, begin >= graph.now, graph.open(begin, &watch) {
            set(hullOf: count, &graph)
            graph.evaluate(all: pure)
            isDecided = graph.isGiven(pure)
        }
        for scan in isDecided && !hasRest ? count - 1..<count : 0..<count {
            let time = begin &+ period &* Int64(scan)
            // Nothing of a block that is decided is due in between.
            guard time >= graph.now, graph.open(time, &watch) else {
                if time < graph.now { graph.late &+= 1 }
                continue
            }
            let until = lasts < Int64.max - max(0, time) ? time + lasts : .max
            for (number, channel) in channels.enumerated() {
                let value = values[number * ScanReader.most + scan]
                graph.set(channel: channel.node, ValueSpan(value, accuracy: channel.accuracy), until: until)
            }
            for (place, flag) in flags.enumerated() {
                graph.set(
                    channel: flag, ValueSpan(values[(channels.count + place) * ScanReader.most + scan]), until: until)
            }
            graph.mark(isDecided && time != last ? rest : all)
        }
    }

    private func set(hullOf count: Int, _ graph: inout ValueGraph) {
        for (number, channel) in channels.enumerated() {
            let base = number * ScanReader.most
            var (low, high, isKnown) = (values[base], values[base], true)
            for scan in 0..<count {
                let value = values[base + scan]
                isKnown = isKnown && value.isFinite
                low = min(low, value)
                high = max(high, value)
            }
            let span = ValueSpan(low: low - channel.accuracy, high: high + channel.accuracy)
            graph.set(channel: channel.node, isKnown ? span : .unknown, until: .max)
        }
        for (place, flag) in flags.enumerated() {
            let base = (channels.count + place) * ScanReader.most
            var (low, high) = (values[base], values[base])
            for scan in 0..<count {
                low = min(low, values[base + scan])
                high = max(high, values[base + scan])
            }
            graph.set(channel: flag, ValueSpan(low: low, high: high), until: .max)
        }
    }
}
