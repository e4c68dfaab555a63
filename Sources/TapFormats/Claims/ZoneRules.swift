public import TapCore

/// A zone of the tz database: how far its clocks are ahead of UTC, and when they are put forward and back (RFC 8536).
public struct ZoneRules: Sendable {
    /// As the database calls it.
    public let name: String
    /// When, in seconds since 1970, in order.
    private var changes: [Int64] = []
    /// Seconds ahead of UTC: before the first change, and from each change on.
    private var offsets: [Int64] = []
    /// What holds after the last change; nil: what it was.
    private var rule: ZoneRule?

    /// Reads the machine's database. Blocks for as long as the file system does.
    ///
    /// - Parameters:
    ///   - name: as `Europe/Berlin`.
    ///   - folder: of the database.
    public init(_ name: String, in folder: String = "/usr/share/zoneinfo") throws(TapError) {
        guard !name.hasPrefix("/"), !name.contains("..") else { throw ZoneRules.unknown(name) }
        let bytes: [UInt8]
        do throws(TapError) {
            var file = try InputFile("\(folder)/\(name)", isText: false)
            _ = try file.need(InputFile.capacity)
            bytes = Array(file.bytes[file.start..<file.end])
        } catch { throw ZoneRules.unknown(name) }
        guard let rules = ZoneRules(name, bytes) else { throw ZoneRules.unknown(name) }
        self = rules
    }

    private static func unknown(_ name: String) -> TapError {
        TapError(
            .configuration, "time zone '\(printable(name, longest: 64))'", "is not in this machine's tz database",
            remedy: "check its name, as Europe/Berlin, and that the package tzdata is installed")
    }

    /// Of a file of the database, of version 2 or later.
    init?(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        guard let old = Counts(bytes, at: 0), let counts = Counts(bytes, at: 44 + old.size(ofTimes: 4)) else {
            return nil
        }
        var place = 44 + old.size(ofTimes: 4) + 44
        guard counts.types > 0, place + counts.size(ofTimes: 8) <= bytes.count else { return nil }
        func number(_ place: Int, _ count: Int) -> UInt64 {
            bytes[place..<place + count].reduce(0) { $0 << 8 | UInt64($1) }
        }
        let kinds = place + counts.times * 9
        func offset(_ kind: Int) -> Int64 {
            Int64(Int32(truncatingIfNeeded: number(kinds + min(kind, counts.types - 1) * 6, 4)))
        }
        offsets = [offset(0)]
        for index in 0..<counts.times {
            let time = Int64(bitPattern: number(place + index * 8, 8))
            guard time > changes.last ?? .min else { return nil }
            changes.append(time)
            offsets.append(offset(Int(bytes[place + counts.times * 8 + index])))
        }
        place += counts.size(ofTimes: 8)
        // A rule between two ends of lines.
        let text = bytes[place...].dropFirst().prefix { $0 != 10 }
        rule = ZoneRule(String(decoding: text, as: UTF8.self))
        if !text.isEmpty, rule == nil { return nil }
    }

    private struct Counts {
        var universal, standard, leaps, times, types, characters: Int

        init?(_ bytes: [UInt8], at place: Int) {
            guard place + 44 <= bytes.count, bytes[place..<place + 4].elementsEqual("TZif".utf8), bytes[place + 4] >= 50
            else { return nil }
            let counts = (0..<6).map { index in
                bytes[place + 20 + index * 4..<place + 24 + index * 4].reduce(0) { $0 << 8 | Int($1) }
            }
            guard counts.allSatisfy({ $0 <= 1 << 16 }) else { return nil }
            (universal, standard, leaps) = (counts[0], counts[1], counts[2])
            (times, types, characters) = (counts[3], counts[4], counts[5])
        }

        func size(ofTimes bytes: Int) -> Int {
            times * (bytes + 1) + types * 6 + characters + leaps * (bytes + 4) + standard + universal
        }
    }

    /// Seconds ahead of UTC at a time in seconds since 1970.
    func offset(at time: Int64) -> Int64 {
        if let rule, time >= changes.last ?? .min { return rule.offset(at: time) }
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= time { low = middle + 1 } else { high = middle }
        }
        return offsets[low]
    }

    /// When clocks of the zone show this, in seconds since 1970: at one time; at two where they are put back, the earlier
    /// first; never where they are put forward.
    func times(ofLocal local: Int64) -> [Int64] {
        let day: Int64 = 86_400
        let (before, after) = (offset(at: local - day), offset(at: local + day))
        let ahead = before == after ? [before] : [max(before, after), min(before, after)]
        return ahead.map { local - $0 }.filter { $0 + offset(at: $0) == local }
    }

    /// The two offsets that clocks had about that local time, which are the same but near where they are put: for each, when it
    /// is by it, and how long after it ended or before it began that is.
    func readings(ofLocal local: Int64) -> [(time: Int64, excess: Int64)] {
        let day: Int64 = 86_400
        let (before, after) = (offset(at: local - day), offset(at: local + day))
        guard before != after else { return [(local - before, 0)] }
        var (low, high) = (local - day, local + day)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if offset(at: middle) == before { low = middle } else { high = middle }
        }
        return [(local - before, max(0, local - before - low)), (local - after, max(0, high - (local - after)))]
    }

    /// Of a time that clocks never show: as if they had not been put forward yet.
    func timeNeverShown(ofLocal local: Int64) -> Int64 { local - offset(at: local - 86_400) }
}
