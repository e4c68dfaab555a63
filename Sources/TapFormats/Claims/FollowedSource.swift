public import TapCore

/// Claims that others write while tap listens: lines that come behind the end of a file, or through a FIFO or standard input.
///
/// A claim has the time at which its line was read, at the latest 100 ms after it was written; the time that the line says is
/// its source's. A file that is replaced or made shorter is read on from its beginning, and each tag has a gap. Not thread-safe;
/// blocks as long as the file system does.
public struct FollowedSource: ~Copyable, TapSource {
    public private(set) var info: SourceInfo
    private let path: String
    private let options: ClaimsOptions
    private var file: FollowedFile?
    /// nil: nothing is there yet from which to see what it is.
    private var lines: ClaimLines?
    /// Of a table's head.
    private var linesToSkip = 0
    private var row = ClaimRow()
    private var broken = 0
    private var sentences: [String] = []

    private static let pause = Nanoseconds.milliseconds(50)
    private static let mostSentences = 3
    /// Lines in one step, so that a flood does not keep others waiting.
    private static let mostLines = 1_000

    /// - Parameters:
    ///   - path: `-` is standard input, which has JSON Lines, as a FIFO does.
    ///   - firstTag: the session's number of the first tag.
    public init(_ path: String, _ options: ClaimsOptions, firstTag: UInt16) {
        self.path = path
        self.options = options
        var tags = options.tags.map(\.info)
        for number in tags.indices { tags[number].id = TagID(firstTag + UInt16(number)) }
        info = SourceInfo(
            name: "claims of \(InputPlace.name(path))", provenance: .hardware, clock: ClockDomain(.monotonic),
            capabilities: .claims, tags: tags, longestSilence: .seconds(1),
            limits: ["claims have the times at which they were read from \(InputPlace.name(path))"])
    }

    public mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        let opened = try FollowedFile(path)
        if opened.isRegular {
            let head = try InputFile(path, encoding: options.encoding)
            lines = try FollowedSource.lines(head, options)
        } else {
            lines = ClaimLines(objects: options)
        }
        file = consume opened
        try file?.skipToEnd()
        return .at(now + FollowedSource.pause)
    }

    /// nil: the file has no whole line yet.
    private static func lines(
        _ opened: consuming InputFile, _ options: ClaimsOptions
    ) throws(TapError) -> ClaimLines? {
        var file = opened
        _ = try file.need(1)
        return file.start == file.end ? nil : try ClaimLines(&file, options)
    }

    public mutating func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        for _ in 0..<FollowedSource.mostLines {
            guard try readLine(at: now, into: &writer) else { break }
        }
        writer.watermark(at: now)
        writer.publish()
        guard file?.isOver != true else {
            lose(nil, at: now, into: &writer)
            sentences.append("\(InputPlace.name(path)) was closed by whoever wrote it")
            writer.publish()
            return .ended
        }
        return .at(now + FollowedSource.pause)
    }

    public mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {
        // What it may have found was reported, or comes after the end.
        _ = try? step(at: now, into: &writer)
        file = nil
    }

    /// - Returns: false if there is no whole line now.
    private mutating func readLine(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Bool {
        if let range = try file?.nextLine() {
            try take(range, at: now, into: &writer)
            return true
        }
        guard file?.isReplaced == true else { return false }
        say("was replaced or made shorter, and is read from its beginning")
        lose(nil, at: now, into: &writer)
        file = try FollowedFile(path)
        lines = nil
        return true
    }

    private mutating func take(
        _ range: Range<Int>, at now: Timestamp, into writer: inout RecordWriter
    ) throws(TapError) {
        guard let bytes = file?.bytes else { return }
        if lines == nil {
            lines = try FollowedSource.lines(InputFile(path, encoding: options.encoding), options)
            linesToSkip = lines?.headLines ?? 0
        }
        guard linesToSkip == 0 else {
            linesToSkip -= 1
            return
        }
        do throws(ClaimRow.Problem) {
            guard try lines?.read(bytes, range, into: &row) == true else { return }
        } catch {
            broken += 1
            say("\(error.what); \(error.remedy)")
            return lose(error.tag, at: now, into: &writer)
        }
        let dated = row.time.flatMap { $0.isDate && $0.isSure ? UInt64(exactly: $0.nanoseconds) : nil }
        for said in row.said {
            writer.event(
                .claim(
                    Claim(
                        tag: info.tags[said.tag].id, value: said.value, quality: said.quality, time: now,
                        sourceTime_ns: row.sourceTime_ns ?? dated, serverTime_ns: row.serverTime_ns)))
        }
    }

    /// What is said of a tag, or of all, is not known here.
    private func lose(_ tag: Int?, at now: Timestamp, into writer: inout RecordWriter) {
        for number in info.tags.indices where tag == nil || tag == number {
            writer.event(
                .gap(Gap(.notRecorded, .tag(info.tags[number].id), .unknown, discovered: now, from: now, to: now)))
        }
    }

    private mutating func say(_ what: String) {
        guard sentences.count < FollowedSource.mostSentences else { return }
        sentences.append("\(InputPlace.name(path)): \(what)")
    }

    public var remarks: [String] {
        let all = broken > 0 ? ["\(broken) lines cannot be read: what they say is unknown, and a gap"] : []
        return sentences + all + (lines?.remarks ?? [])
    }
}
