import TapCore

/// One question or answer between the process that watches and the one that serves its window: a line, and the bytes of which it
/// says how many they are.
///
/// `0 state`, `0 next 42`, `31 ack 1 TOKEN`; `2048 state 17 1000000 0 42 150`, `120 answer 200 application/json`, `0 none`.
struct ViewFrame: Sendable, Hashable {
    /// What stands behind the number: letters, digits and marks of ASCII, and spaces.
    var head: String
    var content: [UInt8] = []

    static let longestHead = 4_096

    var bytes: [UInt8] { Array("\(content.count) \(head)\n".utf8) + content }
}

/// Makes frames of what comes.
struct ViewReader: Sendable {
    /// What came is no frame, or too long: nothing behind it can be understood.
    struct Malformed: Error {}

    private let longest: Int
    private var bytes: [UInt8] = []
    /// Of them, already looked at for the end of a line.
    private var searched = 0

    /// - Parameter longest: bytes of a frame's content; more is malformed.
    init(longest: Int) { self.longest = longest }

    mutating func append(_ more: some Sequence<UInt8>) { bytes += more }

    /// - Returns: nil: it is not whole yet.
    mutating func next() throws(Malformed) -> ViewFrame? {
        guard let end = bytes[searched...].firstIndex(of: 0x0A) else {
            guard bytes.count <= ViewFrame.longestHead else { throw Malformed() }
            searched = bytes.count
            return nil
        }
        searched = end
        let line = bytes[..<end]
        guard end <= ViewFrame.longestHead, line.allSatisfy({ (0x20..<0x7F).contains($0) }) else { throw Malformed() }
        let parts = String(decoding: line, as: UTF8.self).split(separator: " ", maxSplits: 1)
        guard parts.count == 2, isDigits(parts[0]), parts[0].utf8.count <= 8, let length = Int(parts[0]),
            length <= longest
        else { throw Malformed() }
        guard bytes.count - (end + 1) >= length else { return nil }
        let content = Array(bytes[(end + 1)..<(end + 1 + length)])
        bytes.removeFirst(end + 1 + length)
        searched = 0
        return ViewFrame(head: String(parts[1]), content: content)
    }
}

/// What the process that serves a window may ask of the one that watches; there is nothing else.
enum ViewRequest: Sendable, Hashable {
    case state
    /// A state once what is shown at once has another number than this, or after a turn.
    case next(UInt64)
    /// Path and query as a browser asked for them, and what is served meanwhile.
    case get(WindowQuestion, WindowContent.Counts)
    /// With the token that came with it.
    case say(WindowStatement, token: String)

    static let longestToken = 128

    /// nil: it is none of these.
    init?(_ frame: ViewFrame) {
        let parts = frame.head.split(separator: " ", omittingEmptySubsequences: false)
        switch parts.first {
        case "state" where parts.count == 1: self = .state
        case "next" where parts.count == 2:
            guard let known = UInt64(parts[1]) else { return nil }
            self = .next(known)
        case "get" where parts.count == 8:
            let numbers = parts[1...6].compactMap { UInt64($0) }
            guard numbers.count == 6, let question = WindowQuestion(target: String(parts[7])) else { return nil }
            var counts = WindowContent.Counts()
            counts.viewers = Int(clamping: numbers[0])
            counts.connections = Int(clamping: numbers[1])
            counts.turnedAway = Int(clamping: numbers[2])
            (counts.requests, counts.refused, counts.skipped) = (numbers[3], numbers[4], numbers[5])
            self = .get(question, counts)
        case "ack" where parts.count == 3, "note" where parts.count == 3:
            guard parts[2].utf8.count <= ViewRequest.longestToken, frame.content.count <= WindowStatement.longest,
                var statement = WindowStatement(target: "/api/incidents/\(parts[1])/\(parts[0])")
            else { return nil }
            statement.content = frame.content
            self = .say(statement, token: String(parts[2]))
        default: return nil
        }
    }

    var frame: ViewFrame {
        switch self {
        case .state: ViewFrame(head: "state")
        case .next(let known): ViewFrame(head: "next \(known)")
        case .get(let question, let counts):
            ViewFrame(
                head: "get \(counts.viewers) \(counts.connections) \(counts.turnedAway) \(counts.requests) "
                    + "\(counts.refused) \(counts.skipped) \(question.target)")
        case .say(let statement, let token):
            ViewFrame(
                head: "\(statement.verb.rawValue) \(statement.incident) \(token)", content: statement.content)
        }
    }
}

/// What is answered.
enum ViewAnswer: Sendable {
    /// - Parameters:
    ///   - changes: the number of what is shown at once that is in it.
    ///   - waited: from the question on, until it was made.
    case state(WindowContent.State, changes: UInt64, waited: Nanoseconds)
    case answer(WindowAnswer)
    /// There is no state yet, or nothing under that path.
    case nothing

    init?(_ frame: ViewFrame) {
        let parts = frame.head.split(separator: " ")
        guard let text = String(validating: frame.content, as: UTF8.self) else { return nil }
        switch parts.first {
        case "none": self = .nothing
        case "state":
            guard parts.count == 6, let sequence = UInt64(parts[1]), let now = Int64(parts[2]),
                let changes = UInt64(parts[4]), let waited = UInt32(parts[5]), text.hasPrefix("{")
            else { return nil }
            self = .state(
                WindowContent.State(sequence: sequence, now_ns: now, isEnded: parts[3] == "1", text: text),
                changes: changes, waited: .milliseconds(Int64(waited)))
        case "answer":
            let rest = frame.head.split(separator: " ", maxSplits: 2)
            guard rest.count == 3, let status = Int(rest[1]), (200...599).contains(status) else { return nil }
            self = .answer(WindowAnswer(status: status, type: String(rest[2]), text: text))
        default: return nil
        }
    }

    var frame: ViewFrame {
        switch self {
        case .state(let state, let changes, let waited):
            ViewFrame(
                head: "state \(state.sequence) \(state.now_ns) \(state.isEnded ? 1 : 0) \(changes) "
                    + "\(waited.count / 1_000_000)",
                content: Array(state.text.utf8))
        case .answer(let answer):
            ViewFrame(head: "answer \(answer.status) \(answer.type)", content: Array(answer.text.utf8))
        case .nothing: ViewFrame(head: "none")
        }
    }
}
