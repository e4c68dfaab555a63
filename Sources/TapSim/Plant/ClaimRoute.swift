import TapConfig
import TapCore

/// The way that the claims of a run take from the screen to tap: through the scenario's channel, if it has one.
///
/// What happens to a message is a function of the seed and of when it was made, so that one message more or less changes
/// nothing for the others, but for those that wait behind it. Claims are put in in order of time.
struct ClaimRoute {
    private let channel: ClaimChannel?
    private let tags: [TagInfo]
    private let seed: UInt64
    private let utcAtStart_s: Int
    private let deadBands: [Double]
    private var message = Message()
    /// The latest arrival so far.
    private var latest: UInt64 = 0
    /// By tag; nil: none was made, or sent.
    private var made: [Claim?]
    private var sent: [Claim?]
    /// What arrived or is on its way, by arrival; of one instant as it was put in.
    private(set) var claims: [Claim] = []
    /// Of what has been put in, in that order.
    private(set) var truths: [ClaimTruth] = []
    private let keepsTruth: Bool

    /// What happens to the claims of one instant.
    private struct Message {
        var time = UInt64.max
        /// The second is a copy's; empty: lost.
        var arrivals: [UInt64] = []
    }

    /// - Parameter keepsTruth: whether `truths` is filled; then somebody takes them.
    init(_ scenario: Scenario, seed: UInt64, tags: [TagInfo], keepsTruth: Bool) {
        channel = scenario.channel
        self.tags = tags
        self.seed = seed
        self.keepsTruth = keepsTruth
        utcAtStart_s = scenario.plant?.utcAtStart_s ?? 0
        deadBands = tags.map { scenario.channel?.byException?.deadBands[$0.name] ?? 0 }
        made = Array(repeating: nil, count: tags.count)
        sent = made
    }

    mutating func put(_ claim: Claim, truth: Claim.Value?) {
        guard let channel else {
            claims.append(claim)
            note(claim, claim.time, truth)
            return
        }
        let tag = Int(claim.tag.index)
        var outgoing = stamped(claim, channel)
        guard isDue(outgoing, channel) else { return made[tag] = outgoing }
        sent[tag] = outgoing
        var isStale = false
        if let last = made[tag], chance(channel.repeats, "channel repeat \(tag)", at: claim.time.nanoseconds) {
            isStale = true
            (outgoing.value, outgoing.quality) = (last.value, last.quality)
            outgoing.sourceTime_ns = last.sourceTime_ns
        }
        made[tag] = stamped(claim, channel)
        if message.time != claim.time.nanoseconds { send(at: claim.time.nanoseconds, channel) }
        if message.arrivals.isEmpty { note(outgoing, claim.time, truth, isLost: true, isStale: isStale) }
        for (copy, arrival) in message.arrivals.enumerated() {
            outgoing.time = Timestamp(nanoseconds: arrival)
            insert(outgoing)
            note(outgoing, claim.time, truth, isStale: isStale, isDuplicate: copy > 0)
        }
    }

    /// Lets go of the first so many claims.
    mutating func dropClaims(_ count: Int) { claims.removeFirst(count) }

    /// The truth about claims that were made up to a time; each once.
    mutating func takeTruths(upTo time: UInt64) -> [ClaimTruth] {
        let count = truths.firstIndex { $0.claimed.nanoseconds > time } ?? truths.count
        defer { truths.removeFirst(count) }
        return Array(truths.prefix(count))
    }

    /// With the times that the channel's clock says.
    private func stamped(_ claim: Claim, _ channel: ClaimChannel) -> Claim {
        guard let clock = channel.clock else { return claim }
        let time = claim.time.nanoseconds
        let error = clock.offset_s * 1e9 + Double(time) * clock.drift_ppm * 1e-6
        let now = Int64(utcAtStart_s) * 1_000_000_000 + Int64(clamping: time) + Int64(error.rounded())
        var claim = claim
        claim.serverTime_ns = UInt64(max(0, now))
        // A time that the plant itself gives stays.
        claim.sourceTime_ns = claim.sourceTime_ns ?? claim.serverTime_ns
        return claim
    }

    private func isDue(_ claim: Claim, _ channel: ClaimChannel) -> Bool {
        let tag = Int(claim.tag.index)
        guard let rule = channel.byException, let last = sent[tag] else { return true }
        if claim.time - last.time >= rule.silence || claim.quality != last.quality { return true }
        guard case (.number(let value), .number(let before)) = (claim.value, last.value) else {
            return claim.value != last.value
        }
        return !(abs(value - before) <= deadBands[tag])
    }

    /// Decides what happens to the message of a time.
    private mutating func send(at time: UInt64, _ channel: ClaimChannel) {
        message = Message(time: time)
        guard !chance(channel.loss, "channel loss", at: time) else { return }
        let count = chance(channel.duplicates, "channel duplicate", at: time) ? 2 : 1
        for copy in 0..<count {
            var arrival = time + delay(channel.delay, copy, at: time)
            if channel.keepsOrder { arrival = max(arrival, latest) }
            latest = max(latest, arrival)
            message.arrivals.append(arrival)
        }
    }

    private func delay(_ law: ClaimChannel.Delay, _ copy: Int, at time: UInt64) -> UInt64 {
        var delay = Double(law.fixed.count) + unit("channel jitter \(copy)", at: time) * Double(law.jitter.count)
        if chance(law.tailShare, "channel tail \(copy)", at: time) {
            let tail = -Elementary.log(1 - unit("channel tail length \(copy)", at: time))
            delay += min(tail, Double(ClaimChannel.longestTail)) * Double(law.tail.count)
        }
        return UInt64(delay.rounded())
    }

    private func chance(_ share: Double, _ stream: String, at time: UInt64) -> Bool {
        share > 0 && unit(stream, at: time) < share
    }

    private func unit(_ stream: String, at time: UInt64) -> Double {
        Double(Random.at(time, seed: seed, stream: Random.digest(stream)) >> 11) * 0x1p-53
    }

    private mutating func insert(_ claim: Claim) {
        var place = claims.count
        while place > 0, claims[place - 1].time > claim.time { place -= 1 }
        claims.insert(claim, at: place)
    }

    private mutating func note(
        _ claim: Claim, _ made: Timestamp, _ truth: Claim.Value?, isLost: Bool = false, isStale: Bool = false,
        isDuplicate: Bool = false
    ) {
        guard keepsTruth else { return }
        truths.append(
            ClaimTruth(
                tag: tags[Int(claim.tag.index)], claimed: made, arrived: isLost ? nil : claim.time,
                value: claim.value, truth: truth, isStale: isStale, isDuplicate: isDuplicate))
    }
}
