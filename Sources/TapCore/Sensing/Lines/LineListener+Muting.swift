extension LineListener {
    /// Stops listening to a storm line for a while.
    mutating func mute(_ index: Int, into writer: inout RecordWriter) {
        guard let request = lines[index].request else { return }
        // Before the line is let go, so that no edge falls between the last one heard and the gap.
        let since = stampClock.now()
        do throws(LineGone) {
            if try !request.listen(false) { letGo(index) }
        } catch {
            // The line storms on, and is muted at its next batch; a chip that is gone is noticed by `poll`.
            return
        }
        let now = clock.now()
        if now - lines[index].lastResumed > .seconds(1) { lines[index].nextMute = options.muteFor }
        if lines[index].mute == nil { muted += 1 }
        lines[index].mute = ListenedLine.Mute(since: since, until: now + lines[index].nextMute)
        lines[index].nextMute = min(lines[index].nextMute * 2, .seconds(60))
        lines[index].rereads.write(at: since, into: &writer)
        writer.gap(
            Gap(
                .muted, .line(lines[index].info.id), .unknown, discovered: since, from: since, to: .distantFuture))
    }

    /// Polls a muted line's level, and listens again once its time is over.
    mutating func pollMuted(_ index: Int, _ now: Timestamp, into writer: inout RecordWriter) {
        guard let mute = lines[index].mute else { return }
        if now >= mute.until {
            resume(index, mute, now, into: &writer)
        } else if let read = bracketedLevel(index), read.isHigh != mute.level {
            if mute.level != nil { lines[index].mute?.flips += 1 }
            lines[index].mute?.level = read.isHigh
            lines[index].audit.settle(read.isHigh, .muted, notBefore: read.from, notAfter: read.to, into: &writer)
        }
    }

    private mutating func resume(
        _ index: Int, _ mute: ListenedLine.Mute, _ now: Timestamp, into writer: inout RecordWriter
    ) {
        do throws(TapError) {
            if let request = lines[index].request {
                do throws(LineGone) { _ = try request.listen(true) } catch { return }
            } else {
                lines[index].audit.restart()
                try self.request(index)
            }
        } catch { return }
        // After the line is listened to again: likewise.
        let until = stampClock.now()
        endMute(index)
        lines[index].lastResumed = now
        lines[index].windowCount = 0
        readLevel(index, .resumed, into: &writer)
        writeMute(index, mute, until: until, into: &writer)
    }

    mutating func endMute(_ index: Int) {
        if lines[index].mute != nil { muted -= 1 }
        lines[index].mute = nil
    }

    func writeMute(_ index: Int, _ mute: ListenedLine.Mute, until: Timestamp, into writer: inout RecordWriter) {
        writer.gap(
            Gap(
                .muted, .line(lines[index].info.id), mute.flips > 0 ? .atLeast(mute.flips) : .unknown,
                discovered: until, from: mute.since, to: until))
    }
}
