public import TapConfig
public import TapCore
import TapFormats

/// What the tags of a capture say, and how often: for a first site file.
///
/// Memory is that of the tags, and of 4,096 times between claims for each source. Not thread-safe.
public struct TagSurvey: RecordSink, Sendable {
    private struct Habit: Sendable {
        var claims = 0
        var changes = 0
        var longestSame: Int64 = 0
        var first: Timestamp?
        var last = Timestamp.zero
        /// Since when its value is what it is.
        var since = Timestamp.zero
        var value: Claim.Value?
        var hasBool = false
        var hasNumber = false
        var hasText = false
        /// Numbers of it are 0 and 1 only.
        var isBinary = true
        var isClock = true
        /// A number that grew less.
        var hasFallen = false
        var words: [String] = []
        /// Times between two claims.
        var intervals: [Int64] = []

        mutating func take(_ claim: Claim) {
            if first == nil { first = claim.time }
            if claims > 0, intervals.count < TagSurvey.mostIntervals, claim.time > last {
                intervals.append((claim.time - last).count)
            }
            last = max(last, claim.time)
            claims += 1
            if let value, value != claim.value {
                if case .number(let old) = value, case .number(let new) = claim.value {
                    hasFallen = hasFallen || new < old
                }
                changes += 1
                longestSame = max(longestSame, (claim.time - since).count)
                since = claim.time
            } else if value == nil {
                since = claim.time
            }
            value = claim.value
            guard claim.quality != .bad else { return }
            see(claim.value)
        }

        private mutating func see(_ value: Claim.Value) {
            switch value {
            case .bool: hasBool = true
            case .number(let number):
                hasNumber = true
                isBinary = isBinary && (number == 0 || number == 1)
            case .text(let text):
                hasText = true
                if isClock, ClockText(zone: nil).readings(of: text.text).isEmpty { isClock = false }
                if words.count <= TagSurvey.mostWords, !words.contains(text.text) { words.append(text.text) }
            }
        }

        /// - Parameter isTyped: its source says true and false where it means it.
        func kind(_ unit: String, isTyped: Bool) -> SiteDraft.Tag.Kind {
            if hasText {
                if isClock, !hasNumber, !hasBool { return .clock }
                return hasNumber || words.count > TagSurvey.mostWords ? .other : .words(words)
            }
            if hasNumber {
                // What has only grown, from 0 to 1, may be a counter.
                let isBool = !isTyped && isBinary && unit.isEmpty && (hasFallen || changes == 0)
                return isBool ? .bool : .number(unit: unit)
            }
            return hasBool ? .bool : .other
        }
    }

    private struct Voice: Sendable {
        var first: Timestamp?
        var last = Timestamp.zero
        var longestSilence: Int64 = 0
        var intervals: [Int64] = []

        mutating func hear(at time: Timestamp) {
            guard first != nil else {
                (first, last) = (time, time)
                return
            }
            guard time > last else { return }
            let silence = (time - last).count
            longestSilence = max(longestSilence, silence)
            if intervals.count < TagSurvey.mostIntervals { intervals.append(silence) }
            last = time
        }
    }

    /// More different texts are no words that a machine says.
    static let mostWords = 16
    static let mostIntervals = 4_096

    private let tags: [TagInfo]
    private var habits: [Habit]
    private var voices: [String: Voice] = [:]

    public init(_ header: SessionHeader) {
        tags = header.tags
        habits = header.tags.map { _ in Habit() }
    }

    public mutating func edge(_ edge: Edge) {}
    public mutating func scans(_ block: ScanBlock, raw: RawSpan) {}

    public mutating func event(_ event: Event) {
        guard case .claim(let claim) = event, let place = tags.firstIndex(where: { $0.id == claim.tag }) else { return }
        habits[place].take(claim)
        // A screen goes on saying its own clock while nobody answers it.
        if habits[place].hasText, habits[place].isClock { return }
        voices[tags[place].source, default: Voice()].hear(at: claim.time)
    }

    /// Each source, in the order of its first tag. Never blocks.
    public var sources: [SiteDraft.Source] {
        var names: [String] = []
        for tag in tags where !names.contains(tag.source) { names.append(tag.source) }
        return names.map(source)
    }

    private func source(_ name: String) -> SiteDraft.Source {
        var source = SiteDraft.Source(name: name)
        let own = tags.indices.filter { tags[$0].source == name && tags[$0].name != BusWrite.tag }
        let voice = voices[name] ?? Voice()
        let most = own.map { habits[$0].claims }.max() ?? 0
        let seldom = own.count { habits[$0].claims * 2 < most && habits[$0].claims > 0 }
        source.isByException = seldom * 4 > own.count
        let busiest = own.first { habits[$0].claims == most }
        let intervals = source.isByException ? voice.intervals : busiest.map { habits[$0].intervals } ?? []
        if let every = TagSurvey.middle(of: intervals) { source.every = every }
        source.longestSilence = Nanoseconds(voice.longestSilence)
        source.heardFor = voice.first.map { voice.last - $0 } ?? .zero
        let isTyped = own.contains { habits[$0].hasBool }
        source.tags = own.map { place in
            let habit = habits[place]
            var tag = SiteDraft.Tag(name: tags[place].name, kind: habit.kind(tags[place].unit, isTyped: isTyped))
            if habit.changes == 0, case .number(let only) = habit.value { tag.only = only }
            (tag.claims, tag.changes) = (habit.claims, habit.changes)
            let end = max(voice.last, habit.last)
            tag.longestSame = Nanoseconds(max(habit.longestSame, habit.first == nil ? 0 : (end - habit.since).count))
            return tag
        }
        return source
    }

    /// The median, to two figures; a millisecond at least, a day at most. nil: of nothing.
    private static func middle(of intervals: [Int64]) -> Nanoseconds? {
        guard !intervals.isEmpty else { return nil }
        let median = intervals.sorted()[intervals.count / 2]
        var step: Int64 = 1
        while median / step >= 100 { step *= 10 }
        let rounded = (median + step / 2) / step * step
        return Nanoseconds(min(max(rounded, 1_000_000), 86_400_000_000_000))
    }
}
