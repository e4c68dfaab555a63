public import TapCore

/// A first site file: what a board has and what was heard, with a mark at each place that a person must decide.
///
/// `text` is a site file that `SiteFile` reads without a mistake, whatever names, units and texts were heard: what it cannot
/// have stands in comments.
public struct SiteDraft: Sendable, Hashable {
    /// Of a digital input.
    public struct Line: Sendable, Hashable {
        /// As the board has it.
        public var name: String
        public var pin = ""
        /// What else the board uses it for: asking for the line would take it away from that. Empty: nothing.
        public var function = ""
        /// What more there is to say, for people.
        public var note = ""

        public init(name: String) { self.name = name }
    }

    /// Of an analog input.
    public struct Channel: Sendable, Hashable {
        public var adc: String
        public var name: String
        public var unit: String
        public var pin = ""
        /// The board can do without the ADC, and does not say that it is there.
        public var isOptional = false
        public var note = ""

        public init(adc: String, name: String, unit: String) {
            self.adc = adc
            self.name = name
            self.unit = unit
        }
    }

    /// Someone of whom claims were heard.
    public struct Source: Sendable, Hashable {
        /// Where registers were read.
        public struct Server: Sendable, Hashable {
            /// In which packets it was heard: a label.
            public var packets: String
            public var address: String
            public var port: Int
            public var unit: Int
            public var function: Int

            public init(packets: String, address: String, port: Int, unit: Int, function: Int) {
                self.packets = packets
                self.address = address
                self.port = port
                self.unit = unit
                self.function = function
            }
        }

        public var name: String
        /// nil: its claims come by name.
        public var server: Server?
        /// From one poll to the next; of one that says only what changes, from one thing said to the next.
        public var every = Nanoseconds.seconds(1)
        /// It said some tags far less often than others.
        public var isByException = false
        /// The longest time for which nothing of it was heard.
        public var longestSilence = Nanoseconds.zero
        /// From the first claim to the last.
        public var heardFor = Nanoseconds.zero
        public var tags: [Tag] = []
        /// Addresses that somebody wrote to, and who that was.
        public var writes: [ClosedRange<Int>] = []
        public var writers: [String] = []

        public init(name: String) { self.name = name }
    }

    /// What a source spoke of.
    public struct Tag: Sendable, Hashable {
        public enum Kind: Sendable, Hashable {
            case bool
            /// In this unit; empty: in none.
            case number(unit: String)
            /// These, and nothing else was heard.
            case words([String])
            /// Dates with a time of day.
            case clock
            /// Texts of many kinds, or nothing.
            case other
        }

        public var name: String
        public var kind: Kind
        /// Where a register or a coil holds it.
        public var address: Int?
        /// How often it was said, and how often it was another value than before.
        public var claims = 0
        public var changes = 0
        /// The longest time for which its value stayed the same.
        public var longestSame = Nanoseconds.zero
        /// Of a number that never changed.
        public var only: Double?

        public init(name: String, kind: Kind) {
            self.name = name
            self.kind = kind
        }
    }

    /// As the file will be called without `.yaml`.
    public var name: String
    public var title = ""
    /// As the file is to write it; nil: no wire is captured yet.
    public var board: String?
    /// What it was made from, for people.
    public var origins: [String] = []
    public var lines: [Line] = []
    public var channels: [Channel] = []
    public var sources: [Source] = []
    /// Of clocks that claims name; empty: not said.
    public var zone = ""

    public init(name: String) { self.name = SiteDraft.siteName(name) }

    /// The nearest to a text that a site may be called.
    public static func siteName(_ text: String) -> String {
        let parts = text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let name = String(parts.joined(separator: "-").prefix(60))
        return TextRule.siteName.check(name) ? name : "site"
    }
}
