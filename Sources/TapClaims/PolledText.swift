import TapCore
import TapDecode
import TapFormats

extension PollWorker.Event {
    /// One line without its end.
    public func text(_ server: PollServer, _ questions: [PollQuestion]) -> String {
        let time = Words.span(self.time.nanoseconds)
        switch what {
        case .gone(let why): return "\(time)  \(server)  GONE: \(why)"
        case .refused(let number, let code):
            return "\(time)  \(questions[number])  refused with \(code)"
        case .values(let number, let values):
            return "\(time)  \(questions[number])  " + values.map { "\($0)" }.joined(separator: " ")
        }
    }

    /// One object; docs/claims.md describes it.
    public func json(_ server: PollServer, _ questions: [PollQuestion]) -> String {
        var (exception, values, gone): (UInt8?, [UInt16]?, String?)
        switch what {
        case .gone(let why): gone = why
        case .refused(_, let code): exception = code
        case .values(_, let words): values = words
        }
        let question = self.question.map { questions[$0] }
        return JSON.object([
            ("t_ns", "\(time.nanoseconds)"), ("asked_t_ns", "\(asked.nanoseconds)"),
            ("server", JSON.string("\(server)")),
            ("unit", "\(server.unit)"), ("function", question.map { "\($0.table.rawValue)" }),
            ("address", question.map { "\($0.address)" }), ("count", question.map { "\($0.count)" }),
            ("exception", exception.map { "\($0)" }), ("values", values.map { JSON.array($0.map { "\($0)" }) }),
            ("gone", gone.map(JSON.string)),
        ])
    }
}

extension PollQuestion: CustomStringConvertible {
    public var description: String { "function \(table.rawValue)  address \(address) count \(count)" }
}
