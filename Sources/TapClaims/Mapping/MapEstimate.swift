import TapDecode

/// Judges each register of the answers against each wire: numbers first, then what counts, then bits.
struct MapEstimate {
    let wires: [LineTrace]
    let channels: [ChannelTrace]
    /// Of the bus no edges were lost.
    let isBusWhole: Bool
    private(set) var entries: [MapProposal.Entry] = []

    /// A register and its table, once for all questions that have it.
    private struct Place: Hashable {
        var unit: UInt8
        var table: ModbusTable
        var address: UInt16
    }

    private var judged: Set<Place> = []

    init(wires: [LineTrace], channels: [ChannelTrace], isBusWhole: Bool) {
        (self.wires, self.channels, self.isBusWhole) = (wires, channels, isBusWhole)
    }

    mutating func judge(_ answer: AnswerTrace) {
        let question = answer.question
        var open: Set<Int> = []
        for place in 0..<Int(question.count) {
            let address = question.address &+ UInt16(place)
            if judged.insert(Place(unit: question.unit, table: question.table, address: address)).inserted {
                open.insert(place)
            }
        }
        for place in open.sorted() {
            let column = answer.column(place)
            guard let first = column.first, column.allSatisfy({ $0 == first }) else { continue }
            open.remove(place)
            var entry = entry(answer, place, .still)
            entry.constant = first
            entries.append(entry)
        }
        if !question.table.isBits { numbers(answer, &open) }
        for place in open.sorted() where !question.table.isBits && count(answer, place) { open.remove(place) }
        for place in open.sorted() { bits(answer, place) }
    }

    private func entry(_ answer: AnswerTrace, _ place: Int, _ verdict: MapProposal.Verdict) -> MapProposal.Entry {
        MapProposal.Entry(
            unit: answer.question.unit, table: answer.question.table,
            address: answer.question.address &+ UInt16(place), verdict: verdict)
    }

    // Numbers that follow a channel

    private struct Candidate {
        var entry: MapProposal.Entry
        var places: [Int]
        var share: Double
        /// Lower is taken first.
        var rank: Double
    }

    private mutating func numbers(_ answer: AnswerTrace, _ open: inout Set<Int>) {
        guard !channels.isEmpty, answer.rows >= MapEstimate.fewestRows else { return }
        let table = channels.indices.map { channel in
            ChannelTrace.filters.indices.map { answer.values(of: channel, filter: $0) }
        }
        var candidates: [Candidate] = []
        for place in open.sorted() {
            for reading in RegisterReading.all where reading.words == 1 || open.contains(place + 1) {
                guard let numbers = reading.numbers(answer, place) else { continue }
                if let candidate = candidate(answer, place, reading, numbers, table) { candidates.append(candidate) }
            }
        }
        for candidate in candidates.sorted(by: { ($0.rank, $0.places[0]) < ($1.rank, $1.places[0]) })
        where open.isSuperset(of: candidate.places) {
            open.subtract(candidate.places)
            entries.append(candidate.entry)
        }
    }

    static let fewestRows = 60
    /// What fits worse is no proposal.
    private static let mostMisfit = 0.03

    private func candidate(
        _ answer: AnswerTrace, _ place: Int, _ reading: RegisterReading, _ numbers: [Double], _ table: [[[Double]]]
    ) -> Candidate? {
        let (low, high) = (LineFit.quantile(0.02, numbers), LineFit.quantile(0.98, numbers))
        guard high > low, Set(numbers).count >= 16 else { return nil }
        let step = max(1, numbers.count / 400)
        var found: [(channel: Int, filter: Int, fit: LineFit)] = []
        for channel in channels.indices {
            let start = table[channel][0].firstIndex { !$0.isNaN } ?? numbers.count
            guard numbers.count - start >= MapEstimate.fewestRows else { continue }
            let y = Array(numbers[start...])
            let columns = table[channel].map { Array($0[start...]) }
            let left = columns.map { LineFit.coarse($0, y, step: step) }
            let best = left.indices.sorted { (left[$0], $0) < (left[$1], $1) }.prefix(3)
            guard let first = best.first, left[first] < 0.5 else { continue }
            let fits = best.compactMap { filter in
                LineFit(columns[filter], y, range: low...high).map { (channel, filter, $0) }
            }
            if let fit = fits.min(by: { ($0.2.misfit, $0.1) < ($1.2.misfit, $1.1) }) {
                found.append((fit.0, fit.1, fit.2))
            }
        }
        found.sort { ($0.fit.misfit, $0.channel) < ($1.fit.misfit, $1.channel) }
        guard let best = found.first else { return nil }
        let share = best.fit.misfit / (high - low)
        guard share <= MapEstimate.mostMisfit else { return nil }
        var entry = entry(answer, place, .probable)
        (entry.words, entry.isLowFirst, entry.form) = (reading.words, reading.isLowFirst, reading.form)
        entry.wire = channels[best.channel].name
        entry.relation = .value(
            slope: 1 / best.fit.slope, offset: -best.fit.offset / best.fit.slope,
            filter_s: ChannelTrace.filters[best.filter])
        (entry.lowest, entry.highest) = (low, high)
        entry.residual = share
        entry.changes = MapEstimate.swings(numbers, by: (high - low) / 3)
        // Clearly worse is three times, and more than what noise may do.
        let rivals = found.dropFirst().filter {
            $0.fit.misfit < max(3 * best.fit.misfit, 0.015 * (high - low))
        }
        entry.rivals = rivals.map { channels[$0.channel].name }
        let isFine = share <= 0.01 || best.fit.misfit <= 2 * reading.step
        if isFine, rivals.isEmpty, entry.changes >= 4, high - low >= 20 * reading.step { entry.verdict = .sure }
        return Candidate(
            entry: entry, places: Array(place..<place + reading.words), share: share, rank: share * reading.doubt)
    }

    /// How often numbers turned round, by so much at least.
    private static func swings(_ numbers: [Double], by size: Double) -> Int {
        guard size > 0, var low = numbers.first else { return 0 }
        var (high, swings, isRising) = (low, 0, Bool?.none)
        for number in numbers {
            (low, high) = (min(low, number), max(high, number))
            if isRising != true, number - low >= size {
                (isRising, high, swings) = (true, number, swings + 1)
            } else if isRising != false, high - number >= size {
                (isRising, low, swings) = (false, number, swings + 1)
            }
        }
        return swings
    }

    // What counts

    /// Whether the register counts a wire's rising edges, sure or not.
    private mutating func count(_ answer: AnswerTrace, _ place: Int) -> Bool {
        var total: Int64 = 0
        var steps: [(row: Int, by: Int)] = []
        var numbers = [0.0]
        for row in 1..<answer.rows {
            // Up, also past 65,535.
            let by = Int(answer.word(place, row) &- answer.word(place, row - 1))
            guard by < 16_384 else { return false }
            if by > 0 { steps.append((row, by)) }
            total += Int64(by)
            numbers.append(Double(total))
        }
        // Flags may be set one after the other; what carries from bit to bit is a number.
        let carries = steps.contains { step in
            let changed = answer.word(place, step.row) ^ answer.word(place, step.row - 1)
            return changed & (changed &- 1) != 0
        }
        guard !steps.isEmpty, carries || steps.count >= MapEstimate.many else { return false }
        var entry = entry(answer, place, .unexplained)
        entry.changes = steps.count
        if steps.count >= MapEstimate.many {
            follow(answer, numbers, &entry)
        } else if steps.allSatisfy({ $0.by == 1 }) {
            let changes = steps.map { ChangeMatch.Change(row: $0.row, isHigh: true) }
            follow(answer, changes, onlyRises: true, &entry)
        }
        entries.append(entry)
        return true
    }

    /// Steps of a counter that is compared as a number; fewer are compared one by one.
    private static let many = 20

    /// A counter of many: against the number of rising edges up to each answer.
    private func follow(_ answer: AnswerTrace, _ numbers: [Double], _ entry: inout MapProposal.Entry) {
        var found: [(wire: Int, fit: LineFit, worst: Double)] = []
        for wire in wires.indices {
            let rises = answer.rises(of: wire)
            guard let first = rises.first, let last = rises.last, last - first >= 2,
                let fit = LineFit(rises, numbers, range: 0...(numbers.last ?? 1)), fit.slope > 0
            else { continue }
            let misfits = rises.indices.map { abs(numbers[$0] - fit.value(rises[$0])) }
            found.append((wire, fit, LineFit.quantile(0.98, misfits)))
        }
        found.sort { ($0.worst, $0.wire) < ($1.worst, $1.wire) }
        let growth = numbers.last ?? 0
        guard let best = found.first, best.worst <= max(1 + best.fit.slope, growth / 100) else { return }
        entry.verdict = .probable
        entry.wire = wires[best.wire].name
        entry.relation = .count(perEdge: MapEstimate.whole(best.fit.slope))
        entry.residual = best.worst / growth
        let others = found.dropFirst().filter { $0.worst < 4 * max(best.worst, 1) }
        entry.rivals = others.map { wires[$0.wire].name }
        // What grows evenly with time is no evidence: a clock fits as well.
        let times = answer.times.map { Double($0 - answer.times[0]) * 1e-9 }
        let even = LineFit(times, numbers, range: 0...growth).map { line in
            LineFit.quantile(0.98, times.indices.map { abs(numbers[$0] - line.value(times[$0])) })
        }
        if (even ?? .infinity) < 4 * max(best.worst, 1) { entry.rivals.append("time") }
        let isFine = best.worst <= 1 + 2 * best.fit.slope
        if isFine, entry.rivals.isEmpty, wires[best.wire].losses == 0, isBusWhole { entry.verdict = .sure }
    }

    /// The nearest whole number, or one over one, where it is near.
    private static func whole(_ slope: Double) -> Double {
        let isSmall = slope < 1
        let number = isSmall ? 1 / slope : slope
        guard number < 1e6, abs(number - number.rounded()) < 0.02 * number else { return slope }
        return isSmall ? 1 / number.rounded() : number.rounded()
    }

    // Bits

    private mutating func bits(_ answer: AnswerTrace, _ place: Int) {
        let column = answer.column(place)
        let moved = column.reduce(0) { $0 | ($1 ^ column[0]) }
        let isWord = !answer.question.table.isBits
        // A number that no wire follows: its bits are no flags.
        guard Set(column).count <= MapEstimate.mostWords else {
            var entry = entry(answer, place, .unexplained)
            entry.changes = (1..<column.count).count { column[$0] != column[$0 - 1] }
            return entries.append(entry)
        }
        for bit in 0..<16 where moved & (1 << UInt16(bit)) != 0 {
            var entry = entry(answer, place, .unexplained)
            entry.bit = isWord ? bit : nil
            let mask: UInt16 = 1 << UInt16(bit)
            let changes = (1..<column.count).filter { (column[$0] ^ column[$0 - 1]) & mask != 0 }.map {
                ChangeMatch.Change(row: $0, isHigh: column[$0] & mask != 0)
            }
            entry.changes = changes.count
            follow(answer, changes, onlyRises: false, &entry)
            // A counter that stepped once, from an even number, looks like a bit.
            if entry.wire == nil, moved == 1, changes.count == 1, changes[0].isHigh, isWord {
                follow(answer, changes, onlyRises: true, &entry)
                if entry.wire != nil { entry.bit = nil }
            }
            entries.append(entry)
        }
    }

    /// A register with more different numbers holds no bits.
    private static let mostWords = 64

    /// Puts the wire that fits best into the entry, if one does, with those that fit nearly as well.
    private func follow(
        _ answer: AnswerTrace, _ changes: [ChangeMatch.Change], onlyRises: Bool, _ entry: inout MapProposal.Entry
    ) {
        var found: [(wire: Int, match: ChangeMatch)] = []
        for wire in wires.indices {
            for isInverted in onlyRises ? [false] : [false, true] {
                if let match = ChangeMatch(
                    changes, of: wires[wire], isInverted: isInverted, onlyRises: onlyRises, times: answer.times)
                {
                    found.append((wire, match))
                }
            }
        }
        // Of those that fit alike the first is one whose level it is, not the inverse.
        found.sort {
            ($0.match.misses, $0.match.isInverted ? 1 : 0, $0.wire)
                < ($1.match.misses, $1.match.isInverted ? 1 : 0, $1.wire)
        }
        guard let best = found.first, best.match.hits * 4 >= changes.count * 3, best.match.misses * 4 <= changes.count
        else { return }
        entry.verdict = .probable
        entry.wire = wires[best.wire].name
        entry.relation = onlyRises ? .count(perEdge: 1) : .level(isInverted: best.match.isInverted)
        entry.lag = best.match.lag
        let rivals = found.dropFirst().filter {
            $0.match.misses < best.match.misses + ChangeMatch.enough + wires[$0.wire].losses
        }
        entry.rivals = rivals.map { ($0.match.isInverted ? "not " : "") + wires[$0.wire].name }
        let isFine = best.match.misses == 0 && best.match.hits >= 4 && wires[best.wire].losses == 0 && isBusWhole
        if isFine, rivals.isEmpty { entry.verdict = .sure }
    }
}
