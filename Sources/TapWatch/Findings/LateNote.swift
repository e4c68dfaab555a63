public import TapCore

/// Records of one subject that came after verdicts on their time: those stand. At most one a minute of each subject.
public struct LateNote: Sendable, Hashable {
    /// Whose they are, by the session's names: a line, an ADC, who makes the claims, or `notes`.
    public var name: String
    /// The last one's time, since the session's start.
    public var time: Nanoseconds
    /// How far it is behind the newest record of its subject before it; zero: it is the newest, and came late.
    public var behind: Nanoseconds
    /// How many there were since the last such note.
    public var count: Int
}

/// Counts records that are flagged late, and says of each subject that there are some. A function of its own records in their
/// order: what others do does not matter. No allocation after birth but for a note.
struct LateNotes: Sendable {
    private static let apart = Nanoseconds.seconds(60)

    private struct Subject: Sendable {
        var name: String
        /// Of its records that are not late.
        var newest = Timestamp.zero
        var unsaid = 0
        /// As of the newest when the last note was made.
        var saidAt: Timestamp?
        var last: LateNote?
    }

    private var subjects: ContiguousArray<Subject>
    /// The first of devices, of claims' sources, and of notes; the subject of each tag.
    private let firstDevice: Int
    private let notes: Int
    private let tags: ContiguousArray<Int>

    init(_ header: SessionHeader) {
        var names = header.lines.map(\.name)
        firstDevice = names.count
        names += header.devices.map(\.name)
        var places: [String: Int] = [:]
        var tags = ContiguousArray<Int>()
        for tag in header.tags {
            let place = places[tag.source] ?? names.count
            if place == names.count { names.append(tag.source) }
            places[tag.source] = place
            tags.append(place)
        }
        notes = names.count
        self.tags = tags
        subjects = ContiguousArray((names + ["notes"]).map { Subject(name: $0) })
    }

    /// A record came.
    ///
    /// - Parameter time: since the session's start, as are those of notes.
    /// - Returns: what is to be said now.
    mutating func take(_ subject: Gap.Subject, at time: Timestamp, isLate: Bool) -> LateNote? {
        let place = place(of: subject)
        guard subjects.indices.contains(place) else { return nil }
        guard isLate else {
            if time > subjects[place].newest { subjects[place].newest = time }
            return nil
        }
        let newest = subjects[place].newest
        subjects[place].unsaid += 1
        let note = LateNote(
            name: subjects[place].name, time: time - .zero, behind: max(.zero, newest - time),
            count: subjects[place].unsaid)
        subjects[place].last = note
        let now = max(newest, time)
        if let said = subjects[place].saidAt, now - said < LateNotes.apart { return nil }
        subjects[place].saidAt = now
        subjects[place].unsaid = 0
        return note
    }

    /// What has not been said yet, by subject.
    mutating func takeRest() -> [LateNote] {
        var rest: [LateNote] = []
        for place in subjects.indices where subjects[place].unsaid > 0 {
            subjects[place].unsaid = 0
            if let last = subjects[place].last { rest.append(last) }
        }
        return rest
    }

    private func place(of subject: Gap.Subject) -> Int {
        switch subject {
        case .line(let line): return Int(line.index)
        case .device(let device): return firstDevice + Int(device.index)
        case .tag(let tag): return Int(tag.index) < tags.count ? tags[Int(tag.index)] : notes
        case .notes: return notes
        }
    }
}
