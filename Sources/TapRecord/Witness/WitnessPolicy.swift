import TapCore

/// Which witnesses have to have cosigned a checkpoint (C2SP tlog-policy).
public struct WitnessPolicy: Sendable, Hashable {
    public struct Witness: Sendable, Hashable {
        /// Within the policy.
        public var name: String
        public var key: WitnessKey
        /// Where it takes checkpoints; empty: not known.
        public var url: String
    }

    /// A witness, or so many of a group.
    private indirect enum Rule: Sendable, Hashable {
        case witness(Int)
        case group(atLeast: Int, [Rule])

        func isMet(_ cosigned: Set<Int>) -> Bool {
            switch self {
            case .witness(let index): cosigned.contains(index)
            case .group(let least, let members): members.count { $0.isMet(cosigned) } >= least
            }
        }
    }

    /// Empty: any.
    public private(set) var logs: [VerifierKey] = []
    public private(set) var witnesses: [Witness] = []
    /// nil: none have to.
    private var quorum: Rule?
    /// As it is named there.
    public private(set) var quorumName = ""

    /// What is wrong in a line.
    public struct Mistake: Error, Sendable, Hashable {
        /// From 1 on; 0: of the whole.
        public var line: Int
        public var what: String
    }

    /// Of one word, as names and groups.
    static let most = 1_000

    public init(parsing bytes: [UInt8]) throws(Mistake) {
        guard bytes.allSatisfy({ $0 == 9 || $0 == 10 || ($0 >= 0x20 && $0 != 0x7F) }) else {
            throw Mistake(line: 0, what: "has a control character")
        }
        var rules: [[UInt8]: Rule] = [:]
        var members: Set<[UInt8]> = []
        var hasQuorum = false
        for (index, line) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
            let words = line.split { $0 == 9 || $0 == 0x20 }.map(Array.init)
            guard let first = words.first, first[0] != UInt8(ascii: "#") else { continue }
            let texts = words.map { String(decoding: $0, as: UTF8.self) }
            func mistake(_ what: String) -> Mistake { Mistake(line: index + 1, what: what) }
            func define(_ rule: Rule) throws(Mistake) {
                guard texts[1] != "none" else { throw mistake("'none' is no name of a witness or group") }
                guard rules[words[1]] == nil else { throw mistake("'\(printable(texts[1]))' is defined twice") }
                guard rules.count < WitnessPolicy.most else { throw mistake("is one definition too many") }
                rules[words[1]] = rule
            }
            switch texts[0] {
            case "log":
                guard words.count == 2 || words.count == 3 else { throw mistake("a log is 'log VKEY [URL]'") }
                guard let key = VerifierKey(texts[1]) else { throw mistake("is no verifier key of a log") }
                guard !logs.contains(where: { $0.publicKey == key.publicKey }) else {
                    throw mistake("the log's key is there already")
                }
                logs.append(key)
            case "witness":
                guard words.count == 3 || words.count == 4 else {
                    throw mistake("a witness is 'witness NAME VKEY [URL]'")
                }
                guard let key = WitnessKey(texts[2]) else { throw mistake("is no verifier key of a witness") }
                guard !witnesses.contains(where: { $0.key.publicKey == key.publicKey }) else {
                    throw mistake("the witness's key is there already")
                }
                try define(.witness(witnesses.count))
                witnesses.append(Witness(name: printable(texts[1]), key: key, url: words.count == 4 ? texts[3] : ""))
            case "group":
                guard words.count >= 4 else { throw mistake("a group is 'group NAME all|any|NUMBER MEMBER...'") }
                let count = words.count - 3
                let least: Int? =
                    switch texts[2] {
                    case "all": count
                    case "any": 1
                    default: Int(texts[2]).flatMap { String($0) == texts[2] && (1...count).contains($0) ? $0 : nil }
                    }
                guard let least else {
                    throw mistake("of \(count) members 'all', 'any' or 1 to \(count) can be asked for")
                }
                var parts: [Rule] = []
                for (word, text) in zip(words, texts).dropFirst(3) {
                    guard let part = rules[word] else { throw mistake("'\(printable(text))' is not defined before") }
                    guard members.insert(word).inserted else {
                        throw mistake("'\(printable(text))' is a member of a group already")
                    }
                    parts.append(part)
                }
                try define(.group(atLeast: least, parts))
            case "quorum":
                guard words.count == 2 else { throw mistake("a quorum is 'quorum NAME'") }
                guard !hasQuorum else { throw mistake("there is a quorum already") }
                hasQuorum = true
                quorumName = printable(texts[1])
                if texts[1] == "none" { continue }
                guard let rule = rules[words[1]] else {
                    throw mistake("'\(printable(texts[1]))' is not defined before")
                }
                quorum = rule
            default: throw mistake("begins with '\(printable(texts[0]))', not with log, witness, group or quorum")
            }
        }
        guard hasQuorum else { throw Mistake(line: 0, what: "has no quorum") }
    }

    /// Whether cosignatures are asked for at all.
    public var asksForWitnesses: Bool { quorum != nil }

    /// Who of its witnesses cosigned a note, and when, in seconds since 1970; in the order of the policy.
    public func cosigners(of note: SignedNote) -> [Cosigner] {
        witnesses.compactMap { witness in
            witness.key.time(of: note).map { Cosigner(name: witness.name, time_s: $0) }
        }
    }

    /// Its witnesses that a note names whose cosignature is of something else.
    func misfits(of note: SignedNote) -> [Witness] {
        witnesses.filter { witness in
            note.signatures.contains { $0.name == witness.key.name && $0.id == witness.key.id }
                && witness.key.time(of: note) == nil
        }
    }

    /// What is said of one.
    static func misfit(_ witness: Witness) -> String {
        "the cosignature of '\(witness.name)' does not fit: it is of another checkpoint or log, or was altered"
    }

    /// Whether these are as many as the quorum asks for.
    public func isMet(by cosigners: [Cosigner]) -> Bool {
        guard let quorum else { return true }
        let names = Set(cosigners.map(\.name))
        return quorum.isMet(Set(witnesses.indices.filter { names.contains(witnesses[$0].name) }))
    }
}

/// A witness that cosigned.
public struct Cosigner: Sendable, Hashable {
    /// Within the policy.
    public var name: String
    /// By its own clock, since 1970.
    public var time_s: UInt64

    public init(name: String, time_s: UInt64) { (self.name, self.time_s) = (name, time_s) }
}
