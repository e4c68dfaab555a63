package import TapCore

/// What a watch answers for `/api/changes`.
package struct WatchNews: Sendable, Hashable {
    package struct Change: Sendable, Hashable {
        /// Of the incident.
        package var incident: UInt64
        /// The incident's object, as it came.
        package var bytes: [UInt8]
    }

    /// By whom changes are counted.
    package var run = ""
    /// What to ask for next as `after`.
    package var next: UInt64 = 0
    /// Changes that the watch does not remember any more.
    package var lost: UInt64 = 0
    /// There are no more now.
    package var isAll = true
    package var changes: [Change] = []
    /// The object that says how the watch is, as it came.
    package var watch: [UInt8] = []
    package var site = ""
    package var decided_ns = ""
    package var behind = Nanoseconds.zero
    package var isEnded = false

    /// nil: it is no such object.
    package init?(_ bytes: [UInt8]) {
        guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
        var cursor = JSONCursor()
        cursor.load(bytes, bytes.indices)
        var result = WatchNews()
        do throws(JSONCursor.Problem) {
            try cursor.object { (cursor, name) throws(JSONCursor.Problem) in try result.take(name, &cursor) }
            try cursor.expectEnd()
        } catch { return nil }
        guard !result.run.isEmpty, !result.watch.isEmpty else { return nil }
        self = result
    }

    private init() {}

    private mutating func take(_ name: Range<Int>, _ cursor: inout JSONCursor) throws(JSONCursor.Problem) {
        if cursor.equals(name, "run") {
            run = try cursor.string()
        } else if cursor.equals(name, "next") {
            next = try WatchNews.count(&cursor)
        } else if cursor.equals(name, "lost") {
            lost = try WatchNews.count(&cursor)
        } else if cursor.equals(name, "all") {
            isAll = try cursor.bool()
        } else if cursor.equals(name, "incidents") {
            try cursor.array { (cursor) throws(JSONCursor.Problem) in
                var incident: UInt64?
                let bytes = try WatchNews.object(&cursor) { (cursor, name) throws(JSONCursor.Problem) in
                    guard cursor.equals(name, "incident") else { return try cursor.skipValue() }
                    incident = try cursor.unsigned()
                }
                guard let incident else { throw JSONCursor.Problem(what: "an incident without a number") }
                changes.append(Change(incident: incident, bytes: bytes))
            }
        } else if cursor.equals(name, "watch") {
            watch = try WatchNews.object(&cursor) { (cursor, name) throws(JSONCursor.Problem) in
                if cursor.equals(name, "site") {
                    site = try cursor.string()
                } else if cursor.equals(name, "decided_ns") {
                    decided_ns = try cursor.string()
                } else if cursor.equals(name, "behind_ms") {
                    behind = .milliseconds(try cursor.signed())
                } else if cursor.equals(name, "ended") {
                    isEnded = try cursor.bool()
                } else {
                    try cursor.skipValue()
                }
            }
        } else {
            try cursor.skipValue()
        }
    }

    private static func count(_ cursor: inout JSONCursor) throws(JSONCursor.Problem) -> UInt64 {
        guard let count = UInt64(try cursor.string()) else { throw JSONCursor.Problem(what: "no count") }
        return count
    }

    /// Reads one, and gives its text.
    private static func object(
        _ cursor: inout JSONCursor, _ body: (inout JSONCursor, Range<Int>) throws(JSONCursor.Problem) -> Void
    ) throws(JSONCursor.Problem) -> [UInt8] {
        let begin = cursor.position
        try cursor.object(body)
        return Array(cursor.text[begin..<cursor.position].drop { $0 <= 0x20 })
    }
}
