import TapCore

extension StoreVerifier {
    /// Files that no entry names, and the verifier key that lies in the store.
    mutating func checkNames(isRecording: Bool) {
        let names = (try? disk.names(in: StoreLayout.segments)) ?? []
        for name in names {
            let number = StoreLayout.segmentNumber(name)
            if let number, known.contains(number) || isRecording && number >= state.nextSegment { continue }
            result.add(.extra, "segments/\(printable(name))", "no entry of the log names it")
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
