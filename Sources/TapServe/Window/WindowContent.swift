public import TapCore

/// What a window serves, beside its page. All closures are called on the server's thread, one at a time, and `answer` on other
/// threads too: what they do costs nobody else anything but processor time.
public struct WindowContent: Sendable {
    /// The newest state.
    public struct State: Sendable {
        /// Grows with each change of what it says.
        public var sequence: UInt64
        /// The session's time, in nanoseconds.
        public var now_ns: Int64
        public var isEnded: Bool
        /// A JSON object, on one line.
        public var text: String
        /// How old it may be already: it came from another process.
        public var held = Nanoseconds.zero

        public init(sequence: UInt64, now_ns: Int64, isEnded: Bool, text: String) {
            self.sequence = sequence
            self.now_ns = now_ns
            self.isEnded = isEnded
            self.text = text
        }

        var held_ms: Int64 { held.count / 1_000_000 }
        /// As it is served: with its age at the beginning.
        var served: String { "{\"held_ms\":\(held_ms),\(text.dropFirst())" }
    }

    /// What is served to how many.
    public struct Counts: Sendable, Hashable {
        public var viewers = 0
        public var connections = 0
        public var turnedAway = 0
        public var requests: UInt64 = 0
        public var refused: UInt64 = 0
        public var skipped: UInt64 = 0
    }

    /// Takes an answer, once and on any thread; nil: there is no such path.
    public typealias Reply = @Sendable (WindowAnswer?) -> Void

    /// Called four times a second while somebody looks, with each of `changes` too, ten times a second at most, and once where
    /// somebody asks after a pause. nil: there is none.
    public var state: @Sendable () -> State?
    /// Another number after each change that is shown at once: of a line's level, of what is lost, of findings and incidents.
    /// Called often while somebody looks: it must cost next to nothing.
    public var changes: @Sendable () -> UInt64
    public var statements: Statements
    /// Also called for `/api/state` while there is no state.
    public var answer: @Sendable (WindowQuestion, Counts, @escaping Reply) -> Void

    /// Of what is answered at once.
    ///
    /// - Parameter answer: nil: there is no such path.
    public init(
        state: @escaping @Sendable () -> State?, changes: @escaping @Sendable () -> UInt64 = { 0 },
        statements: Statements = .refused("this window only shows"),
        answer: @escaping @Sendable (WindowQuestion, Counts) -> WindowAnswer?
    ) {
        self.init(state: state, changes: changes, statements: statements) { question, counts, reply in
            reply(answer(question, counts))
        }
    }

    public init(
        state: @escaping @Sendable () -> State?, changes: @escaping @Sendable () -> UInt64, statements: Statements,
        ask: @escaping @Sendable (WindowQuestion, Counts, @escaping Reply) -> Void
    ) {
        (self.state, self.changes, self.statements, answer) = (state, changes, statements, ask)
    }

    /// Asks as a browser would, of what is answered without a state.
    ///
    /// - Parameters:
    ///   - target: path and query.
    ///   - reply: called once, on any thread; with nil where there is nothing under that path, or it is none.
    public func ask(_ target: String, _ reply: @escaping Reply) {
        guard let question = WindowQuestion(target: target) else { return reply(nil) }
        answer(question, Counts(), reply)
    }
}

/// What a client asks for.
public struct WindowQuestion: Sendable, Hashable {
    /// As `/api/timeline`; nothing in it is decoded.
    public var path: String
    /// Path and query as they came: visible ASCII.
    public let target: String
    /// Decoded; the last of a name counts.
    public var query: [String: String]

    /// - Parameter target: path and query as a request has them; nil: it is neither.
    init?(target: String) {
        guard target.utf8.first == UInt8(ascii: "/"), target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return nil
        }
        self.target = target
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts[0])
        query = [:]
        guard parts.count == 2 else { return }
        for pair in parts[1].split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = WindowQuestion.decoded(halves[0]),
                let value = halves.count == 2 ? WindowQuestion.decoded(halves[1]) : ""
            else { return nil }
            query[name] = value
        }
    }

    /// nil: what stands behind a `%` is no byte, or all together no UTF-8.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                continue
            }
            guard let high = rest.popFirst(), let low = rest.popFirst(),
                let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

/// What is answered.
public struct WindowAnswer: Sendable, Hashable {
    public var status: Int
    public var type: String
    public var text: String

    public init(status: Int = 200, type: String = "application/json", text: String) {
        self.status = status
        self.type = type
        self.text = text
    }

    /// - Parameter why: one line: what, where, what to do. Only what this program writes, or what `printable` made.
    public static func refusal(_ status: Int, _ why: String) -> WindowAnswer {
        let escaped = why.unicodeScalars.map { scalar in
            scalar == "\"" || scalar == "\\" ? "\\\(scalar)" : scalar.value < 0x20 ? " " : String(scalar)
        }.joined()
        return WindowAnswer(status: status, text: "{\"error\":\"\(escaped)\"}\n")
    }
}
