import TapConfig
public import TapCore

// What people do and ask for, and what becomes of findings by it.
extension FindingLog {
    /// Somebody asks for something; what the watch does not know changes nothing.
    ///
    /// - Parameter time: since the session's start. Everything before it is decided, nothing of it.
    /// - Returns: false: the watch does not know it.
    @discardableResult
    public func heard(_ request: WatchRequest, by author: String, at time: Nanoseconds) -> Bool {
        switch request.verb {
        case .permit:
            // The verdict on the permit says the rest.
            guard works.contains(where: { $0.work.name == request.subject && $0.permitVerdict != nil }) else {
                return false
            }
        case .approve:
            guard rules.contains(where: { $0.name == request.subject && $0.isApproved }) else { return false }
        case .trust:
            guard rules.contains(where: { $0.name == Site.distrust(of: request.subject) }) else { return false }
        case .shelve:
            let named = rules.indices.filter { place in
                rules[place].name == request.subject || rules[place].assets.contains { $0.name == request.subject }
            }
            guard !named.isEmpty else { return false }
            shelve(request.subject, named, from: time.count, until: (time + request.time).count)
        }
        revision &+= 1
        sink.asked(request, by: author, at: time)
        return true
    }

    /// - Parameter time: since the session's start. Everything before it is decided.
    public func noted(_ request: IncidentRequest, by author: String, at time: Nanoseconds) {
        sink.noted(request, by: author, at: time)
    }

    func restore(_ kept: WatchState, utc: UInt64) { sink.restore(kept, utc: utc) }
    func remember(in state: inout WatchState, utc: UInt64) { sink.remember(in: &state, utc: utc) }
    func takeNews() -> Bool { sink.takeNews() }

    /// What was asked of the same before is over.
    private func shelve(_ subject: String, _ places: [Int], from: Int64, until: Int64) {
        shelves.removeAll { $0.subject == subject }
        if from < until { shelves.append(RuleShelf(subject: subject, rules: places, from: from, until: until)) }
        for rule in places { review(rule, at: from) }
        nextDue = min(nextDue, until)
    }

    /// Shelves that are over at that instant.
    func expire(at time: Int64) {
        let over = shelves.filter { $0.until <= time }
        guard !over.isEmpty else { return }
        shelves.removeAll { $0.until <= time }
        for rule in Set(over.flatMap(\.rules)).sorted() { review(rule, at: time) }
    }

    /// Whether what stands is excused as before.
    func review(_ rule: Int, at time: Int64) {
        guard var finding = states[rule].broken else { return }
        let wasExcused = finding.isExcused
        mark(&finding, at: time)
        states[rule].broken = finding
        guard wasExcused, !finding.isExcused else { return }
        if !states[rule].isCounted { tallies[rule].broken += 1 }
        states[rule].isCounted = true
        sink.outlasted(finding, at: Nanoseconds(time))
    }

    /// With what people do that excuses its rule, else with what would if it had a permit, and until when it is shelved.
    func mark(_ finding: inout Finding, at time: Int64) {
        let rule = finding.rule
        let marks = works.lazy.filter { $0.rules.contains(rule) }.compactMap(\.mark)
        finding.work = marks.first(where: \.isPermitted) ?? marks.first
        finding.shelved = shelves.filter { $0.rules.contains(rule) && $0.from <= time && time < $0.until }
            .map { Nanoseconds($0.until) }.max()
    }
}
