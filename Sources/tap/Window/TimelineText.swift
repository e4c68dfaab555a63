import TapFormats

/// An answer of the timeline, taken apart as far as another is made of it; what is not needed stays as it is written.
struct TimelineText {
    struct Lane {
        var name = ""
        /// Its first members, as they are written.
        var head = ""
        var kind = ""
        var unit = ""
        var words: [String] = []
        var before = "null"
        var buckets: [String] = []
        /// Where the first bucket begins; nil: there is none.
        var first: Int64?
        /// Of the widest bucket in which something is known, in nanoseconds.
        var widest: Int64 = 0
        /// nil: they are not all there.
        var changes: [String]?
    }

    var from: Int64 = 0
    var to: Int64 = 0
    /// Since when the memory has something of every time.
    var memoryFrom: Int64 = 0
    /// In the store that is written; nil: none is.
    var session: UInt64?
    var lanes: [Lane] = []
    var findings = "[]"

    /// nil: it is no such answer.
    init?(_ text: String) {
        var cursor = JSONCursor()
        let bytes = Array(text.utf8)
        cursor.load(bytes, bytes.indices)
        do throws(JSONCursor.Problem) {
            try cursor.object { (cursor, name) throws(JSONCursor.Problem) in try read(&cursor, name) }
        } catch { return nil }
    }

    var text: String {
        let lanes = lanes.map { lane in
            "{\(lane.head)\"before\":\(lane.before),\"buckets\":\(JSON.array(lane.buckets))"
                + (lane.changes.map { ",\"edges\":\(JSON.array($0))" } ?? "") + "}"
        }
        return JSON.object([
            ("from_ns", JSON.string("\(from)")), ("to_ns", JSON.string("\(to)")),
            ("memory_from_ns", JSON.string("\(memoryFrom)")),
            ("session", session.map { JSON.string("\($0)") } ?? "null"), ("lanes", JSON.array(lanes)),
            ("findings", findings),
        ]) + "\n"
    }

    private mutating func read(_ cursor: inout JSONCursor, _ name: Range<Int>) throws(JSONCursor.Problem) {
        switch true {
        case cursor.equals(name, "from_ns"): from = try TimelineText.time(&cursor)
        case cursor.equals(name, "to_ns"): to = try TimelineText.time(&cursor)
        case cursor.equals(name, "memory_from_ns"): memoryFrom = try TimelineText.time(&cursor)
        case cursor.equals(name, "session"): session = cursor.null() ? nil : UInt64(try cursor.string())
        case cursor.equals(name, "findings"): findings = try TimelineText.asWritten(&cursor)
        case cursor.equals(name, "lanes"):
            try cursor.array { (cursor) throws(JSONCursor.Problem) in lanes.append(try TimelineText.lane(&cursor)) }
        default: try cursor.skipValue()
        }
    }

    private static func lane(_ cursor: inout JSONCursor) throws(JSONCursor.Problem) -> Lane {
        var lane = Lane()
        try cursor.object { (cursor, name) throws(JSONCursor.Problem) in
            if cursor.equals(name, "before") {
                lane.before = try asWritten(&cursor)
            } else if cursor.equals(name, "buckets") {
                try cursor.array { (cursor) throws(JSONCursor.Problem) in try bucket(&cursor, of: &lane) }
            } else if cursor.equals(name, "edges") {
                var changes: [String] = []
                try cursor.array { (cursor) throws(JSONCursor.Problem) in changes.append(try asWritten(&cursor)) }
                lane.changes = changes
            } else {
                let key = String(decoding: cursor.text[name], as: UTF8.self)
                let begin = cursor.position
                switch key {
                case "name": lane.name = try cursor.string()
                case "kind": lane.kind = try cursor.string()
                case "unit": lane.unit = try cursor.string()
                case "words":
                    try cursor.array { (cursor) throws(JSONCursor.Problem) in lane.words.append(try cursor.string()) }
                default: try cursor.skipValue()
                }
                lane.head += "\"\(key)\":\(String(decoding: cursor.text[begin..<cursor.position], as: UTF8.self)),"
            }
        }
        return lane
    }

    private static func bucket(_ cursor: inout JSONCursor, of lane: inout Lane) throws(JSONCursor.Problem) {
        let start = cursor.position
        var (at, until): (Int64, Int64) = (0, 0)
        var isKnown = false
        try cursor.object { (cursor, name) throws(JSONCursor.Problem) in
            if cursor.equals(name, "at_ns") {
                at = try time(&cursor)
            } else if cursor.equals(name, "until_ns") {
                until = try time(&cursor)
            } else if cursor.equals(name, "known") {
                isKnown = try cursor.bool()
            } else {
                try cursor.skipValue()
            }
        }
        if lane.first == nil { lane.first = at }
        if isKnown { lane.widest = max(lane.widest, until - at) }
        lane.buckets.append(String(decoding: cursor.text[start..<cursor.position], as: UTF8.self))
    }

    private static func asWritten(_ cursor: inout JSONCursor) throws(JSONCursor.Problem) -> String {
        let begin = cursor.position
        try cursor.skipValue()
        return String(decoding: cursor.text[begin..<cursor.position], as: UTF8.self)
    }

    private static func time(_ cursor: inout JSONCursor) throws(JSONCursor.Problem) -> Int64 {
        guard let time = Int64(try cursor.string()) else { throw JSONCursor.Problem(what: "no time") }
        return time
    }
}
