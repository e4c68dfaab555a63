import NIOHTTP1
import TapCore

/// What somebody says of an incident through a window.
public struct WindowStatement: Sendable, Hashable {
    public enum Verb: String, Sendable {
        case acknowledge = "ack"
        case note
    }

    public var verb: Verb
    /// The incident's number.
    public var incident: Int
    /// The name of the token.
    public var holder = ""
    /// As it came: JSON, if it is as it should be.
    public var content: [UInt8] = []

    /// Bytes of its content.
    static let longest = 8_192

    /// - Parameter target: as `/api/incidents/1/ack`; nil: nothing can be said there.
    init?(target: String) {
        let parts = target.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "api", parts[2] == "incidents",
            let verb = Verb(rawValue: String(parts[4])), isDigits(parts[3]), parts[3].utf8.count <= 9,
            let number = Int(parts[3])
        else { return nil }
        self.verb = verb
        incident = number
    }
}

extension WindowContent {
    /// Whether people can say something of incidents.
    public enum Statements: Sendable {
        /// Why they cannot, as a sentence.
        case refused(String)
        /// Whoever has one of the tokens can. What takes them is called on the server's thread.
        case taken(WindowTokens, @Sendable (WindowStatement) -> WindowAnswer)
        /// Another process checks the token.
        case passedOn(@Sendable (_ statement: WindowStatement, _ token: String, @escaping Reply) -> Void)
    }
}

/// Lets in what comes with a token, and not too much of it. A right token is never refused for wrong ones.
struct WindowGate: Sendable {
    private var wrong = Allowance(most: 10, every: .seconds(1))
    private var said = Allowance(most: 20, every: .seconds(1))

    enum Outcome: Sendable, Hashable {
        /// The name of the token.
        case holder(String)
        case refused(WindowAnswer)
    }

    enum Admission: Sendable {
        /// The name of the token.
        case holder(String)
        /// A token that another process checks.
        case bearer(String)
        case refused(WindowAnswer)
    }

    /// The one token of a request; nil: it has none, or more.
    static func bearer(_ headers: HTTPHeaders) -> String? {
        let fields = headers["Authorization"]
        let parts = fields.first.map { $0.split(separator: " ") } ?? []
        return fields.count == 1 && parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : nil
    }

    /// - Parameters:
    ///   - token: as it came; nil: none.
    ///   - now: of a clock that is never set.
    mutating func check(_ token: String?, _ tokens: WindowTokens, at now: Nanoseconds) -> Outcome {
        let found: String?
        do throws(TapError) {
            found = try token.map { token throws(TapError) in try tokens.holder(of: token) } ?? nil
        } catch {
            return .refused(.refusal(503, "the tokens cannot be read: \(error)"))
        }
        guard let found else {
            guard wrong.take(at: now) else {
                return .refused(.refusal(429, "too many requests without a right token: try again in a second"))
            }
            return .refused(token == nil ? WindowGate.missing : WindowGate.unknown)
        }
        guard said.take(at: now) else {
            return .refused(.refusal(429, "too much is said at once: try again in a second"))
        }
        return .holder(found)
    }

    static let missing = WindowAnswer.refusal(401, "this needs a token: send it as 'Authorization: Bearer TOKEN'")
    static let unknown = WindowAnswer.refusal(
        401, "nobody has this token: it was revoked, or mistyped; 'tap window token list' names them")

    private struct Allowance {
        let most: Int
        let every: Nanoseconds
        private var left: Int
        private var counted: Nanoseconds?

        init(most: Int, every: Nanoseconds) {
            (self.most, self.every, left) = (most, every, most)
        }

        mutating func take(at now: Nanoseconds) -> Bool {
            let since = counted ?? now
            let more = max(0, now.count - since.count) / every.count
            left = Int(min(Int64(most), Int64(left) + more))
            counted = Nanoseconds(since.count + more * every.count)
            guard left > 0 else { return false }
            left -= 1
            return true
        }
    }
}
