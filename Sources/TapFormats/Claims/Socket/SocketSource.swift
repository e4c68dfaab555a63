public import TapCore

/// Claims that others write into a Unix socket while tap listens there: JSON Lines.
///
/// A claim has the time at which its line was read, at the latest 50 ms after it came; one that `tap claims hear` sends has
/// the time at which its packet was captured. Each source is spoken for by one writer at a time. While nobody does, its
/// tags have a gap. Not thread-safe; never blocks.
public struct SocketSource: ~Copyable, TapSource {
    public private(set) var info: SourceInfo
    private let path: String
    private let options: ClaimsOptions
    private let length: Nanoseconds
    /// From CLOCK_MONOTONIC to the session's time.
    private var offset = Nanoseconds.zero
    private let readOffset: @Sendable () -> Nanoseconds
    private let boot: String
    private var listener: UnixListener?
    private var writers: [SocketWriter] = []
    private var voices: [Voice]
    /// Of each tag.
    private let voiceOf: [Int]
    private var cursor = JSONCursor()
    private var row = ClaimRow()
    private var began = Timestamp.zero
    private var made = 0
    private var broken = 0
    private var early = 0
    private var uncertainty: UInt64?
    private var sentences: [String] = []
    /// More sentences than that are not kept.
    private var unsaid = 0

    /// One source of the site.
    private struct Voice: Sendable {
        var name: String
        var tags: [TagInfo]
        /// The number of the writer that speaks for it.
        var writer: Int?
        /// Since when nobody does, and until when that is reported.
        var absentSince: Timestamp?
    }

    private static let pause = Nanoseconds.milliseconds(50)
    /// A writer that has said up to when it has heard says so again before that.
    private static let patience = Nanoseconds.seconds(2)
    static let mostWriters = 8
    /// Lines of a writer in one step, so that a flood does not keep others waiting.
    private static let mostLines = 5_000
    private static let mostSentences = 8

    /// - Parameters:
    ///   - path: of the socket's file, which is made, and removed at the end.
    ///   - firstTag: the session's number of the first tag.
    ///   - length: it ends on its own after that; nil: it has to be stopped.
    ///   - offset: the session's time less CLOCK_MONOTONIC; read once, when the session begins.
    public init(
        _ path: String, _ options: ClaimsOptions, firstTag: UInt16,
        length: Nanoseconds? = nil, offset: @escaping @Sendable () -> Nanoseconds = { .zero }
    ) {
        (self.path, self.options, self.length, readOffset) = (path, options, length ?? Nanoseconds(.max), offset)
        boot = SocketSource.boot
        var tags = options.tags.map(\.info)
        for number in tags.indices { tags[number].id = TagID(firstTag + UInt16(number)) }
        var voices: [Voice] = []
        voiceOf = tags.map { tag in
            let place = voices.firstIndex { $0.name == tag.source } ?? voices.count
            if place == voices.count { voices.append(Voice(name: tag.source, tags: [])) }
            voices[place].tags.append(tag)
            return place
        }
        self.voices = voices
        info = SourceInfo(
            name: "claims through \(printable(path))", provenance: .hardware, clock: ClockDomain(.monotonic),
            capabilities: .claims, tags: tags, longestSilence: .seconds(1),
            limits: [
                "claims have the times at which they were read from \(printable(path)), or at which 'tap claims hear' captured their packets"
            ])
    }

    /// Of this machine; empty: not known.
    package static var boot: String {
        let bytes = try? SystemFile.bytes("/proc/sys/kernel/random/boot_id", atMost: 64)
        return String(decoding: bytes ?? [], as: UTF8.self).trimmed
    }

    deinit { for writer in writers { writer.socket.close() } }

    public mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
        listener = try UnixListener(path)
        (began, offset) = (now, readOffset())
        for place in voices.indices { voices[place].absentSince = now }
        writer.watermark(at: now)
        return .at(now + SocketSource.pause)
    }

    public mutating func step(at now: Timestamp, into writer: inout RecordWriter) -> Wake {
        let isMore = listen(at: now, into: &writer)
        guard now - began < length else {
            close(at: began + length, into: &writer)
            return .ended
        }
        return .at(isMore ? now : now + min(SocketSource.pause, length - (now - began)))
    }

    public mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {
        guard listener != nil else { return }
        _ = listen(at: now, into: &writer)
        close(at: now, into: &writer)
    }

    private mutating func close(at end: Timestamp, into writer: inout RecordWriter) {
        for place in voices.indices { report(place, until: end, at: end, into: &writer) }
        writer.watermark(at: end)
        writer.publish()
        for writer in writers { writer.socket.close() }
        writers.removeAll()
        listener = nil
    }

    /// - Returns: whether more is there.
    private mutating func listen(at now: Timestamp, into writer: inout RecordWriter) -> Bool {
        accept(at: now)
        var isMore = false
        for place in writers.indices.reversed() { isMore = read(place, at: now, into: &writer) || isMore }
        let reached = writers.compactMap(\.reached).min() ?? now
        writer.watermark(at: min(now, reached))
        writer.publish()
        return isMore
    }

    private mutating func accept(at now: Timestamp) {
        while let socket = listener?.accept() {
            guard writers.count < SocketSource.mostWriters else {
                socket.close()
                say("more than \(SocketSource.mostWriters) wanted to write at once")
                continue
            }
            made += 1
            writers.append(SocketWriter(socket, number: made, options, at: now))
        }
    }

    /// - Returns: whether more is there.
    private mutating func read(_ place: Int, at now: Timestamp, into writer: inout RecordWriter) -> Bool {
        for _ in 0..<SocketSource.mostLines {
            if let range = writers[place].nextLine() {
                writers[place].heard = now
                if let why = take(range, place, at: now, into: &writer) {
                    end(place, why, at: now, into: &writer)
                    return false
                }
                continue
            }
            switch writers[place].fill() {
            case nil:
                if writers[place].reached != nil, now - writers[place].heard > SocketSource.patience {
                    end(place, "said nothing for 2s, and was disconnected", at: now, into: &writer)
                }
                return false
            case .some(false):
                end(place, nil, at: now, into: &writer)
                return false
            case .some(true): break
            }
        }
        return true
    }

    /// - Returns: why the writer is not heard any longer.
    private mutating func take(
        _ range: Range<Int>, _ place: Int, at now: Timestamp, into writer: inout RecordWriter
    ) -> String? {
        do throws(ClaimRow.Problem) {
            if let word = try SocketWord.read(writers[place].bytes, range, &cursor) {
                return obey(word, place, at: now, into: &writer)
            }
            guard try writers[place].lines.read(writers[place].bytes, range, into: &row) else { return nil }
        } catch {
            broken += 1
            say("\(error.what); \(error.remedy)")
            for (number, tag) in info.tags.enumerated()
            where error.tag == number || error.tag == nil && voices[voiceOf[number]].writer == writers[place].number {
                lose(tag, from: now, to: now, at: now, into: &writer)
            }
            return nil
        }
        let time = writers[place].reached == nil ? now : row.monotonic_ns.map { self.time($0, now) } ?? now
        guard time >= began else {
            early += 1
            return nil
        }
        let dated = row.time.flatMap { $0.isDate && $0.isSure ? UInt64(exactly: $0.nanoseconds) : nil }
        for said in row.said {
            if let why = speak(voiceOf[said.tag], place, at: now, into: &writer) { return why }
            writer.event(
                .claim(
                    Claim(
                        tag: info.tags[said.tag].id, value: said.value, quality: said.quality, time: time,
                        sourceTime_ns: row.sourceTime_ns ?? dated, serverTime_ns: row.serverTime_ns)))
        }
        return nil
    }

    private mutating func obey(
        _ word: SocketWord, _ place: Int, at now: Timestamp, into writer: inout RecordWriter
    ) -> String? {
        switch word {
        case .hello(let names, let boot):
            guard boot == self.boot, !boot.isEmpty else {
                return "is of another machine, whose clock is not known here"
            }
            writers[place].reached = now
            for name in names {
                guard let voice = voices.firstIndex(where: { $0.name == name }) else { continue }
                if let why = speak(voice, place, at: now, into: &writer) { return why }
            }
        case .reached(let time, let uncertainty):
            guard let before = writers[place].reached else { return nil }
            writers[place].reached = max(before, self.time(time, now))
            self.uncertainty = max(self.uncertainty ?? 0, uncertainty)
        case .lost(let source, let tag, let from, let to):
            guard writers[place].reached != nil else { return nil }
            let voice = voices.first { $0.name == source && $0.writer == writers[place].number }
            let (from, to) = (max(began, time(from, now)), max(began, time(to, now)))
            for info in voice?.tags ?? [] where tag == nil || tag == info.name {
                lose(info, from: from, to: to, at: to, into: &writer)
            }
        }
        return nil
    }

    /// This writer speaks for the source from now on. - Returns: why it may not.
    private mutating func speak(
        _ voice: Int, _ place: Int, at now: Timestamp, into writer: inout RecordWriter
    ) -> String? {
        if voices[voice].writer == writers[place].number { return nil }
        guard voices[voice].writer == nil else {
            return "wanted to speak for \(voices[voice].name), for which another does, and was disconnected"
        }
        voices[voice].writer = writers[place].number
        report(voice, until: now, at: now, into: &writer)
        return nil
    }

    private mutating func end(
        _ place: Int, _ why: String?, at now: Timestamp, into writer: inout RecordWriter
    ) {
        let ended = writers.remove(at: place)
        let user = ended.socket.user.map { "a writer of user \($0)" } ?? "a writer"
        ended.socket.close()
        for remark in ended.lines.remarks { say(remark) }
        if let why { say("\(user) \(why)") }
        for voice in voices.indices where voices[voice].writer == ended.number {
            voices[voice].writer = nil
            voices[voice].absentSince = min(now, ended.reached ?? ended.heard)
            report(voice, until: now, at: now, into: &writer)
            voices[voice].absentSince = now
            if why == nil { say("whoever spoke for \(voices[voice].name) has gone") }
        }
    }

    /// Nobody spoke for the source until then.
    private mutating func report(
        _ voice: Int, until end: Timestamp, at now: Timestamp, into writer: inout RecordWriter
    ) {
        guard let since = voices[voice].absentSince.take() else { return }
        for tag in voices[voice].tags { lose(tag, from: since, to: end, at: now, into: &writer) }
    }

    private func lose(
        _ tag: TagInfo, from: Timestamp, to: Timestamp, at now: Timestamp, into writer: inout RecordWriter
    ) {
        writer.event(.gap(Gap(.notRecorded, .tag(tag.id), .unknown, discovered: now, from: from, to: max(from, to))))
    }

    /// CLOCK_MONOTONIC as the session's time, which is not later than now.
    private func time(_ monotonic_ns: UInt64, _ now: Timestamp) -> Timestamp {
        let time = Int128(monotonic_ns) + Int128(offset.count)
        return min(now, Timestamp(nanoseconds: UInt64(clamping: time)))
    }

    private mutating func say(_ what: String) {
        let sentence = "\(printable(path)): \(what)"
        guard !sentences.contains(sentence) else { return }
        guard sentences.count < SocketSource.mostSentences else { return unsaid += 1 }
        sentences.append(sentence)
    }

    public var remarks: [String] {
        var all = sentences
        if unsaid > 0 { all.append("and \(unsaid) more of that kind") }
        if broken > 0 { all.append("\(broken) lines cannot be read: what they say is unknown, and a gap") }
        if early > 0 { all.append("\(early) claims are from before the session began, and left out") }
        if let uncertainty {
            all.append(
                "times of packets may be off by \(DurationText.exact(Nanoseconds(Int64(clamping: uncertainty))))")
        }
        return all
    }
}
