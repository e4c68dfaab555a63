import TapCore

extension StoreVerifier {
    /// What no entry covers.
    ///
    /// - Parameter isRecording: a recorder has the store open.
    mutating func conclude(isRecording: Bool) {
        result.size = state.tree.size
        for number in missing.sorted() {
            result.add(.missing, SegmentWriter.path(number), "is not there, and no entry says that it was dropped")
        }
        for number in state.open.keys.sorted() {
            guard let segment = state.open[number], let file = files[number] else { continue }
            if isRecording { continue }
            checkFreeSpace(segment, file)
        }
        if isRecording {
            result.remarks.append(
                "a recorder is writing: what it wrote after entry \(result.size) was not looked at, nor the free space of its segments"
            )
        }
        if tornBytes > 0, !isRecording {
            result.add(
                .unproven, LogEdge.path,
                "\(tornBytes) bytes behind the last entry are no whole entry: written before a cut, or altered")
        }
        checkNames(isRecording: isRecording)
        if !isRecording {
            for (path, size) in kept?.beyond ?? [] {
                result.add(
                    .missing, "log",
                    "has \(result.size) entries, and \(path) covers \(size): it was cut off or rolled back")
            }
            if let saved = try? disk.contentsIfThere(StoreState.path), let handOver = state.handOver,
                Digest.of(saved).bytes != handOver.stateSHA256
            {
                result.add(
                    .unproven, StoreState.path,
                    "is not what the last hand-over says: a cut while it was written, or altered; a start reads the log instead"
                )
            }
        }
        if let stated, stated.size > result.size { add(lostEndOf: stated) }
        for checkpoint in seen {
            result.add(
                .missing, "log",
                "has \(result.size) entries, and a checkpoint noted elsewhere covers \(checkpoint.size): it was cut off or rolled back"
            )
        }
        if let checkpoint = result.checkpoint, checkpoint.size < result.size { result.unsigned = unsignedSpan() }
    }

    /// Files that no entry names, and the verifier key that lies in the store.
    mutating func checkNames(isRecording: Bool) {
        let names = (try? disk.names(in: StoreLayout.segments)) ?? []
        for name in names {
            let number = StoreLayout.segmentNumber(name)
            if let number, known.contains(number) || isRecording && number >= state.nextSegment { continue }
            result.add(.extra, "segments/\(printable(name))", "no entry of the log names it")
        }
        let foreign = ((try? disk.names(in: "")) ?? []).filter { !StoreLayout.isName($0) }
        if !foreign.isEmpty {
            let named = foreign.prefix(3).map { printable($0) }.joined(separator: ", ")
            let rest = foreign.count > 3 ? " and \(foreign.count - 3) more" : ""
            result.remarks.append("no part of the record, and nothing vouches for it: \(named)\(rest)")
        }
        let text = try? disk.contentsIfThere(StoreLayout.verifierKey)
        if text == nil {
            result.add(.missing, StoreLayout.verifierKey, "is not there")
        } else if let text, String(decoding: text, as: UTF8.self) != key.text + "\n" {
            result.add(.altered, StoreLayout.verifierKey, "is not the key that was given")
        }
    }

    mutating func checkFreeSpace(_ segment: StoreState.OpenSegment, _ file: any DiskFile) {
        let path = SegmentWriter.path(segment.entry.number)
        let ending = segment.entry.size - min(segment.entry.size, UInt64(MCAP.ending.count))
        do throws(DiskError) {
            let header = try file.read(at: segment.end, count: MCAP.recordHeader)
            let tail = try file.read(at: ending, count: MCAP.ending.count + 1)
            let written = try SegmentScan.written(file, behind: segment.end, of: segment.entry.size)
            guard header == SegmentWriter.freeSpace(from: segment.end, of: segment.entry.size), tail == MCAP.ending,
                written == 0
            else {
                result.add(
                    .unproven, "\(path), bytes from \(segment.end) on",
                    "are not free space as they must be: written before a cut and never committed, or altered")
                return
            }
            result.bytes += segment.entry.size - segment.end
        } catch { result.add(.unreadable, path, StoreProblem(error).what) }
    }

    func unsignedSpan() -> Nanoseconds {
        var longest = Nanoseconds.zero
        for (index, end) in state.spanEnds.enumerated() {
            guard let end, index < signedEnds.count, let signed = signedEnds[index] else { continue }
            longest = max(longest, Timestamp(nanoseconds: end) - Timestamp(nanoseconds: signed))
        }
        return longest
    }
}
