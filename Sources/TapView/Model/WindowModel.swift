public import TapCore
public import TapWatch

/// What a window shows: a value made of a site, of what signals and tags are, and of what a watch has come to. Times are since the
/// session's start.
public struct WindowModel: Sendable, Equatable {
    /// Whether what is said can be believed.
    public enum Verdict: String, Sendable, CaseIterable {
        case agree, disagree
        /// It cannot be known now.
        case unknown
        /// Nothing compares it.
        case unchecked
    }

    /// A verdict of several comparisons.
    public struct Trust: Sendable, Equatable {
        public var verdict = Verdict.unchecked
        /// nil: since the start, or not known.
        public var since: Nanoseconds?
        /// A sentence each.
        public var why: [String] = []
        public var cover = Cover()
    }

    /// How much of what is said is compared.
    public struct Cover: Sendable, Equatable {
        public var compared = 0
        public var tags = 0
        /// What nothing compares: tags, assets of which nothing is compared, rules that cannot be decided.
        public var unwatched: [String] = []
    }

    /// What a wire carries, or what is claimed.
    public struct Side: Sendable, Equatable {
        public enum State: String, Sendable {
            case known, unknown, lost, muted
            /// Of a claim: its source should have said something, and has not.
            case silent
        }

        public var state: State
        /// As people read it; nil: not known.
        public var text: String?
        /// Since it was heard last; nil: never.
        public var age: Nanoseconds?
        /// As `rising 0.11 m/min`.
        public var trend: String?
    }

    /// What a wire carries beside what is claimed of it.
    public struct Row: Sendable, Equatable {
        public var tag: String?
        public var signal: String?
        public var unit = ""
        /// Of a line: what high means.
        public var meaning = ""
        /// nil: no wire has it.
        public var wire: Side?
        /// nil: nobody claims it.
        public var claim: Side?
        /// Claim less wire, in the unit; nil: one of them is not known, or neither is a number.
        public var difference: String?
        public var verdict = Verdict.unchecked
        public var note: String?
    }

    public struct Asset: Sendable, Equatable {
        /// Empty: what belongs to no asset.
        public var name: String
        public var title: String
        public var zone: String
        public var trust: Trust
        public var rows: [Row]
        public var outlook: Outlook?
    }

    /// The limit that is passed next, and when about, if nothing changes.
    public struct Outlook: Sendable, Equatable {
        public var rule: String
        public var limit: String
        public var inTime: Nanoseconds
    }

    public struct Source: Sendable, Equatable {
        public enum State: String, Sendable {
            case hearing, lost, muted, ended
        }

        public var name: String
        public var state: State
        public var records: UInt64
        /// What gaps say is lost, as far as they say a number, and how many gaps there are.
        public var lost: UInt64
        public var gaps: UInt64
        public var age: Nanoseconds?
    }

    /// What is said of the witness itself.
    public struct Witness: Sendable, Equatable {
        public var sources: [Source] = []
        /// How well UTC is known, for people.
        public var clock = ""
        public var blind: [String] = []
        /// From when on there is something of every time.
        public var memoryFrom = Nanoseconds.zero
        public var lateRecords: UInt64 = 0
        /// Of the fullest ring of the window's own, from 0 to 1.
        public var ringFill = 0.0
    }

    public var now = Nanoseconds.zero
    /// Up to when rules are decided.
    public var decided = Nanoseconds.zero
    public var isEnded = false
    public var trust = Trust()
    public var assets: [Asset] = []
    public var incidents: [WatchSnapshot.Shown] = []
    public var incidentCount = 0
    public var findingCount = 0
    public var standing: [Finding] = []
    public var findings: [Finding] = []
    public var permits: [WatchSnapshot.Asked] = []
    public var shelves: [WatchSnapshot.Asked] = []
    /// Of each rule, in the order of the site's: whether it holds; nil: not known.
    public var rules: [Bool?] = []
    public var witness = Witness()

    /// The same but for what changes with time alone.
    public func isSame(as other: WindowModel) -> Bool { timeless == other.timeless }

    /// Takes every verdict and value out of it: they are not known.
    ///
    /// - Parameter why: a sentence.
    public mutating func withhold(_ why: String) {
        func withhold(_ trust: inout Trust) { (trust.verdict, trust.since, trust.why) = (.unknown, nil, [why]) }
        withhold(&trust)
        for asset in assets.indices {
            withhold(&assets[asset].trust)
            assets[asset].outlook = nil
            for row in assets[asset].rows.indices {
                assets[asset].rows[row].wire = assets[asset].rows[row].wire.map { _ in Side(state: .unknown) }
                assets[asset].rows[row].claim = assets[asset].rows[row].claim.map { _ in Side(state: .unknown) }
                assets[asset].rows[row].difference = nil
                assets[asset].rows[row].verdict = .unknown
                assets[asset].rows[row].note = nil
            }
        }
    }

    private var timeless: WindowModel {
        var model = self
        model.now = .zero
        model.decided = .zero
        for asset in model.assets.indices {
            for row in model.assets[asset].rows.indices {
                model.assets[asset].rows[row].wire?.age = nil
                model.assets[asset].rows[row].claim?.age = nil
            }
        }
        for source in model.witness.sources.indices {
            model.witness.sources[source].age = nil
            model.witness.sources[source].records = 0
        }
        model.witness.memoryFrom = .zero
        model.witness.ringFill = 0
        return model
    }
}

extension WindowModel.Verdict {
    /// Of two: the one that a person must know first. What nothing compares says nothing.
    func worse(_ other: Self) -> Self {
        for verdict in [Self.disagree, .unknown, .agree] where self == verdict || other == verdict { return verdict }
        return .unchecked
    }
}
