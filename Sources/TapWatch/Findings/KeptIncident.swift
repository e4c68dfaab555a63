import TapCore

/// An incident from one start of a watch to the next. Times are nanoseconds since 1970, UTC; rules are named.
public struct KeptIncident: Sendable, Hashable {
    public struct Part: Sendable, Hashable {
        public var rule: String
        public var isBlind: Bool
        public var findings: Int
        /// It stood when the watch ended.
        public var stands: Bool
        public var began: UInt64
        public var known: UInt64
    }

    public struct Remark: Sendable, Hashable {
        public var isAcknowledgement: Bool
        public var author: String
        public var claimed: String
        public var time: UInt64
        public var words: String
    }

    public var number: Int
    public var title: String
    public var began: UInt64
    public var known: UInt64
    /// nil: it is open.
    public var closed: UInt64?
    public var reopenings = 0
    public var parts: [Part] = []
    public var remarks: [Remark] = []
    /// The place of the acknowledgement that counts; nil: nobody looks after it.
    public var acknowledgement: Int?

    /// As lines of a state, a kind, a value and the rest each.
    var lines: [String] {
        func line(_ kind: String, _ fields: [String]) -> String {
            "\(kind) \(number) \(fields.map { KeptIncident.field($0) }.joined(separator: "\t"))\n"
        }
        let head = [
            "\(began)", "\(known)", closed.map { "\($0)" } ?? "-", "\(reopenings)",
            acknowledgement.map { "\($0)" } ?? "-", title,
        ]
        return [line("incident", head)]
            + parts.map { part in
                line(
                    "part",
                    [
                        part.isBlind ? "blind" : "broken", "\(part.findings)", part.stands ? "stands" : "over",
                        "\(part.began)", "\(part.known)", part.rule,
                    ])
            }
            + remarks.map { remark in
                line(
                    "remark",
                    [
                        remark.isAcknowledgement ? "ack" : "note", "\(remark.time)", remark.author, remark.claimed,
                        remark.words,
                    ])
            }
    }

    /// What would end a field or a line is a space.
    static func field(_ text: String) -> String { String(text.map { $0 == "\t" || $0.isNewline ? " " : $0 }) }

    /// nil: it is no such line.
    init?(number: Int, _ fields: [String]) {
        guard number > 0, fields.count == 6, let began = UInt64(fields[0]), let known = UInt64(fields[1]),
            let reopenings = Int(fields[3]), reopenings >= 0
        else { return nil }
        self.number = number
        self.began = began
        self.known = known
        closed = UInt64(fields[2])
        self.reopenings = reopenings
        acknowledgement = Int(fields[4])
        title = fields[5]
    }

    init(number: Int, title: String, began: UInt64, known: UInt64) {
        self.number = number
        self.title = title
        self.began = began
        self.known = known
    }

    /// - Returns: false: it is no such line.
    mutating func take(_ kind: String, _ fields: [String]) -> Bool {
        if kind == "part" {
            guard fields.count == 6, let findings = Int(fields[1]), findings >= 0, let began = UInt64(fields[3]),
                let known = UInt64(fields[4])
            else { return false }
            parts.append(
                Part(
                    rule: fields[5], isBlind: fields[0] == "blind", findings: findings, stands: fields[2] == "stands",
                    began: began, known: known))
            return true
        }
        guard fields.count == 5, let time = UInt64(fields[1]) else { return false }
        remarks.append(
            Remark(
                isAcknowledgement: fields[0] == "ack", author: fields[2], claimed: fields[3], time: time,
                words: fields[4]))
        return true
    }
}

/// A value that somebody approved in place of the site file's.
public struct KeptApproval: Sendable, Hashable {
    /// As a note says it.
    public var text: String
    public var author: String
    /// Nanoseconds since 1970, UTC.
    public var time: UInt64
    /// What the site file said then, in the SI's base.
    public var instead: Double

    public init(text: String, author: String, time: UInt64, instead: Double) {
        self.text = text
        self.author = author
        self.time = time
        self.instead = instead
    }
}

/// What somebody asked for and that is not over yet.
public struct KeptRequest: Sendable, Hashable {
    /// A permit or a shelf, as a note says it.
    public var text: String
    public var author: String
    /// Nanoseconds since 1970, UTC.
    public var until: UInt64

    public init(text: String, author: String, until: UInt64) {
        self.text = text
        self.author = author
        self.until = until
    }
}
