/// Finds the last so many reports of a source, value for value, among those before them: a replay.
///
/// A report is the last value of each of some tags, once all of them were claimed. Reports that mostly stay as they are may
/// come again by chance, so at least every second one must differ from the one before. Memory is fixed; work is constant in
/// the mean.
struct RepeatDetector: Sendable {
    /// No more reports than these are remembered, however far back a replay may reach.
    static let most = 1 << 20
    private static let base: UInt64 = 0x9E37_79B9_7F4A_7C15

    private let span: Int
    private let within: Int64
    /// The report that is being made.
    private var values: ContiguousArray<UInt64>
    private var isSaid: ContiguousArray<Bool>
    private var missing: Int

    /// By the report's number, modulo their length: when it came, what it says, a digest of it and those before it that make
    /// a span, and the number of the last one with a digest in the same bucket.
    private var times: ContiguousArray<Int64>
    private var reports: ContiguousArray<UInt64>
    private var digests: ContiguousArray<UInt64>
    private var previous: ContiguousArray<Int>
    private var buckets: ContiguousArray<Int>
    private let leaving: UInt64
    private var count = 0
    /// Since the last loss.
    private var whole = 0
    private var digest: UInt64 = 0
    private var changes = 0
    /// Whether the last reports came before; unknown: there are not enough yet.
    private(set) var truth = Truth.unknown

    /// - Parameters:
    ///   - capacity: reports that are remembered.
    ///   - within: how long ago the same may have been.
    init(tags: Int, span: Int, capacity: Int, within: Int64) {
        self.span = max(2, span)
        self.within = within
        let room = max(2 * self.span, min(RepeatDetector.most, capacity)) + 1
        values = ContiguousArray(repeating: 0, count: tags)
        isSaid = ContiguousArray(repeating: false, count: tags)
        missing = tags
        times = ContiguousArray(repeating: 0, count: room)
        reports = ContiguousArray(repeating: 0, count: room)
        digests = ContiguousArray(repeating: 0, count: room)
        previous = ContiguousArray(repeating: -1, count: room)
        var size = 1
        while size < room { size *= 2 }
        buckets = ContiguousArray(repeating: -1, count: size)
        leaving = (0..<self.span).reduce(1) { power, _ in power &* RepeatDetector.base }
    }

    /// A tag is claimed to be this.
    mutating func take(_ tag: Int, _ value: UInt64) {
        values[tag] = value
        if isSaid[tag] { return }
        isSaid[tag] = true
        missing -= 1
    }

    /// Claims were lost.
    mutating func lose() {
        begin()
        whole = 0
        truth = .unknown
    }

    var isComplete: Bool { missing == 0 }

    private mutating func begin() {
        for tag in isSaid.indices { isSaid[tag] = false }
        missing = isSaid.count
    }

    /// The report is complete.
    mutating func close(at now: Int64) {
        let number = count
        add(values.reduce(UInt64(values.count)) { RepeatDetector.mixed($0 ^ $1) }, at: now)
        begin()
        guard whole >= span else { return truth = .unknown }
        var isRepeated = false
        if 2 * changes >= span {
            isRepeated = wasThere(number, at: now)
            remember(number)
        }
        truth = isRepeated ? .true : whole >= 2 * span ? .false : .unknown
    }

    private mutating func add(_ report: UInt64, at now: Int64) {
        let number = count
        digest = digest &* RepeatDetector.base &+ report
        if number > 0, report != reports[place(number - 1)] { changes += 1 }
        if number >= span {
            let first = reports[place(number - span)]
            digest = digest &- first &* leaving
            if first != reports[place(number - span + 1)] { changes -= 1 }
        }
        times[place(number)] = now
        reports[place(number)] = report
        digests[place(number)] = digest
        count += 1
        whole += 1
    }

    private func wasThere(_ number: Int, at now: Int64) -> Bool {
        var other = buckets[bucket]
        while other - span >= number - times.count, other >= span - 1 {
            if now - times[place(other)] > within { return false }
            if other <= number - span, digests[place(other)] == digest, isSame(other, number) { return true }
            other = previous[place(other)]
        }
        return false
    }

    private func isSame(_ first: Int, _ second: Int) -> Bool {
        (0..<span).allSatisfy { reports[place(first - $0)] == reports[place(second - $0)] }
    }

    private mutating func remember(_ number: Int) {
        previous[place(number)] = buckets[bucket]
        buckets[bucket] = number
    }

    private var bucket: Int { Int(RepeatDetector.mixed(digest) & UInt64(buckets.count - 1)) }

    private func place(_ number: Int) -> Int { number % times.count }

    /// Each bit of what comes out depends on each of what goes in (the finalizer of SplitMix64).
    private static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = (value &+ base) ^ (value &+ base) >> 30
        mixed = mixed &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
