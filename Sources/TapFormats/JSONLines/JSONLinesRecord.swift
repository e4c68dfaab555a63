import TapCore

/// The members of one record, whichever it has.
struct JSONLinesRecord {
    /// The one member that only a kind of record has.
    enum Kind { case edge, level, gap, reread, claim, note, scan, clockFix, end, unknown }

    var kind = Kind.unknown
    var time: UInt64?
    var line: Int?
    var device: Int?
    var isHigh = false
    var sequence: UInt64 = 0
    var flags: Edge.Flags = []
    var reason: Level.Reason?
    var notBefore: UInt64?
    var notAfter: UInt64?
    var gap: Gap.Kind?
    var lost: UInt64?
    var certainty = ""
    var from: UInt64?
    var to: UInt64?
    var agreed: UInt64 = 0
    var failed: UInt64 = 0
    var lastLevel: UInt64?
    var tag: String?
    var source: String?
    var value: Claim.Value?
    var isCut = false
    var quality: Claim.Quality?
    var sourceTime: UInt64?
    var serverTime: UInt64?
    var text = ""
    var author = ""
    var isOfNotes = false
    var raw: Range<Int>?
    var stamps: ScanBlock.Stamps?
    var uncertainty: Int64 = 0
    var utc: UInt64?
    var bracket: Int64 = 0
    var boot: BootID?
    var isSynchronised = false
    var sinceSynchronised: Int64?
    var maximumError: Int64 = 0

    /// - Parameter names: of the header's lines and devices.
    init(_ cursor: inout JSONCursor, _ names: JSONLinesNames) throws(JSONCursor.Problem) {
        var result = JSONLinesRecord()
        try cursor.object { (cursor, name) throws(JSONCursor.Problem) in
            try result.take(name, &cursor, names)
        }
        self = result
    }

    private init() {}

    private mutating func take(
        _ name: Range<Int>, _ cursor: inout JSONCursor, _ names: JSONLinesNames
    ) throws(JSONCursor.Problem) {
        if cursor.equals(name, "t_ns") {
            time = try cursor.unsigned()
        } else if cursor.equals(name, "line") {
            line = try JSONLinesRecord.find(&cursor, names.lines, "line")
        } else if cursor.equals(name, "edge") {
            kind = .edge
            let word = try cursor.rawString()
            isHigh = cursor.equals(word, "rising")
            guard isHigh || cursor.equals(word, "falling") else {
                throw JSONCursor.Problem(what: "an edge that is neither rising nor falling")
            }
        } else if cursor.equals(name, "seq") {
            sequence = try cursor.unsigned()
        } else if cursor.equals(name, "late") {
            if try cursor.bool() { flags.insert(.late) }
        } else if cursor.equals(name, "missed_before") {
            if try cursor.bool() { flags.insert(.missedBefore) }
        } else if cursor.equals(name, "seq_counted_here") {
            if try cursor.bool() { flags.insert(.unnumbered) }
        } else if cursor.equals(name, "device") {
            device = try JSONLinesRecord.find(&cursor, names.devices, "device")
        } else if cursor.equals(name, "raw") {
            // Read again once the device is known, whatever the order of the members.
            let begin = cursor.position
            try cursor.skipValue()
            raw = begin..<cursor.position
        } else {
            try takeRare(name, &cursor)
        }
    }

    private mutating func takeRare(_ name: Range<Int>, _ cursor: inout JSONCursor) throws(JSONCursor.Problem) {
        if cursor.equals(name, "scan") {
            kind = .scan
            sequence = try cursor.unsigned()
        } else if cursor.equals(name, "stamps") {
            let word = try cursor.string()
            stamps = ScanBlock.Stamps.allCases.first { Words.stamps($0) == word }
        } else if cursor.equals(name, "uncertainty_ns") {
            uncertainty = try cursor.signed()
        } else if cursor.equals(name, "level") {
            kind = .level
            isHigh = try cursor.unsigned() != 0
        } else if cursor.equals(name, "reason") {
            let word = try cursor.string()
            reason = Level.Reason.allCases.first { Words.reason($0) == word }
        } else if cursor.equals(name, "not_before_ns") {
            notBefore = try cursor.unsigned()
        } else if cursor.equals(name, "not_after_ns") {
            notAfter = try cursor.unsigned()
        } else if cursor.equals(name, "gap") {
            kind = .gap
            let word = try cursor.string()
            gap = Gap.Kind.allCases.first { Words.kind($0) == word }
        } else if cursor.equals(name, "lost") {
            lost = cursor.null() ? nil : try cursor.unsigned()
        } else if cursor.equals(name, "lost_is") {
            certainty = try cursor.string()
        } else if cursor.equals(name, "from_ns") {
            from = try cursor.unsigned()
        } else if cursor.equals(name, "to_ns") {
            to = cursor.null() ? UInt64.max : try cursor.unsigned()
        } else if cursor.equals(name, "reread") {
            kind = .reread
            agreed = try cursor.unsigned()
        } else if cursor.equals(name, "failed") {
            failed = try cursor.unsigned()
        } else if cursor.equals(name, "last_level") {
            lastLevel = cursor.null() ? nil : try cursor.unsigned()
        } else if cursor.equals(name, "end") {
            kind = .end
            try cursor.skipValue()
        } else {
            try takeOfClaim(name, &cursor)
        }
    }

    private mutating func takeOfClaim(_ name: Range<Int>, _ cursor: inout JSONCursor) throws(JSONCursor.Problem) {
        if cursor.equals(name, "claim") {
            kind = .claim
            value = try cursor.claimed()
        } else if cursor.equals(name, "source") {
            source = try cursor.string()
        } else if cursor.equals(name, "tag") {
            tag = try cursor.string()
        } else if cursor.equals(name, "cut") {
            isCut = try cursor.bool()
        } else if cursor.equals(name, "quality") {
            let word = try cursor.string()
            quality = Claim.Quality.allCases.first { Words.quality($0) == word }
        } else if cursor.equals(name, "source_utc_ns") {
            sourceTime = cursor.null() ? nil : try cursor.unsigned()
        } else if cursor.equals(name, "server_utc_ns") {
            serverTime = cursor.null() ? nil : try cursor.unsigned()
        } else if cursor.equals(name, "note") {
            kind = .note
            text = try cursor.string()
        } else if cursor.equals(name, "by") {
            author = try cursor.string()
        } else if cursor.equals(name, "of") {
            isOfNotes = try cursor.string() == "notes"
        } else {
            try takeOfClock(name, &cursor)
        }
    }

    private mutating func takeOfClock(_ name: Range<Int>, _ cursor: inout JSONCursor) throws(JSONCursor.Problem) {
        if cursor.equals(name, "utc_ns") {
            kind = .clockFix
            utc = try cursor.unsigned()
        } else if cursor.equals(name, "bracket_ns") {
            bracket = try cursor.signed()
        } else if cursor.equals(name, "boot") {
            boot = BootID(try cursor.string())
        } else if cursor.equals(name, "synchronised") {
            isSynchronised = try cursor.bool()
        } else if cursor.equals(name, "since_synchronised_ns") {
            sinceSynchronised = cursor.null() ? nil : try cursor.signed()
        } else if cursor.equals(name, "kernel_maximum_error_ns") {
            maximumError = try cursor.signed()
        } else {
            try cursor.skipValue()
        }
    }

    private static func find(
        _ cursor: inout JSONCursor, _ names: [[UInt8]], _ what: String
    ) throws(JSONCursor.Problem) -> Int {
        let range = try cursor.rawString()
        if let index = names.firstIndex(where: { $0.count == range.count && cursor.text[range].elementsEqual($0) }) {
            return index
        }
        let name = try cursor.resolved(range)
        guard let index = names.firstIndex(of: Array(name.utf8)) else {
            throw JSONCursor.Problem(
                what: "\(what) '\(printable(name, longest: 40))' is not in the session header")
        }
        return index
    }

    func clockFix() throws(JSONCursor.Problem) -> ClockFix {
        guard let time, let utc, let boot else {
            throw JSONCursor.Problem(what: "a clock fix without t_ns, utc_ns and boot")
        }
        return ClockFix(
            monotonic: Timestamp(nanoseconds: time), utcNanoseconds: utc, bracket: Nanoseconds(bracket), bootID: boot,
            isSynchronised: isSynchronised, sinceSynchronised: sinceSynchronised.map { Nanoseconds($0) },
            kernelMaximumError: Nanoseconds(maximumError))
    }
}
