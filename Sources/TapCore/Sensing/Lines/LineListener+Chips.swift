extension LineListener {
    /// The chip of that label, if it is what it must be. Requests nothing.
    func openChip(_ label: String) throws(TapError) -> any LineChip {
        let chip = try kernel.openChip(label)
        if let wanted = options.provenance, wanted != chip.provenance {
            throw TapError(
                .wrongMachine, "chip '\(label)' (\(chip.path))",
                "is \(chip.provenance.rawValue), not \(wanted.rawValue) as the board file says",
                remedy: "use a board file with the right provenance; no line was requested")
        }
        return chip
    }

    /// Requests a line, if its chip is open.
    mutating func request(_ index: Int) throws(TapError) {
        guard let chip = chips[lines[index].chip].handle else { return }
        guard lines[index].info.offset < chip.lines else { throw LineRefusal.pastEnd(lines[index].info, of: chip) }
        let request: any RequestedLine
        do throws(LineRefusal) { request = try chip.request(&lines[index].info) } catch {
            throw error.error(
                lines[index].info, of: chip, isRealtime: options.isRealtime, kernel: kernel.name)
        }
        try kernel.add(request, token: index)
        lines[index].request = request
    }

    mutating func letGo(_ index: Int) {
        if let request = lines[index].request { kernel.remove(request) }
        lines[index].request = nil
    }

    mutating func chipGone(_ chip: Int, into writer: inout RecordWriter) {
        guard chips[chip].handle != nil else { return }
        chips[chip].handle = nil
        let now = stampClock.now()
        for index in lines.indices where lines[index].chip == chip {
            letGo(index)
            lines[index].rereads.write(at: now, into: &writer)
            if let mute = lines[index].mute { writeMute(index, mute, until: now, into: &writer) }
            endMute(index)
            // What was queued when it went is lost with it.
            lines[index].goneSince = drained
            writer.gap(
                Gap(
                    .sourceGone, .line(lines[index].info.id), .unknown, discovered: now, from: drained,
                    to: .distantFuture))
        }
    }

    /// Looks whether a chip of that label is there again, and takes its lines up where it is.
    mutating func chipBack(_ chip: Int, into writer: inout RecordWriter) {
        do throws(TapError) {
            chips[chip].handle = try openChip(chips[chip].label)
            for index in lines.indices where lines[index].chip == chip {
                lines[index].audit.restart()
                try request(index)
            }
        } catch {
            // Not yet there, or there but not yet to be had (udev sets permissions a moment later).
            for index in lines.indices where lines[index].chip == chip { letGo(index) }
            chips[chip].handle = nil
            return
        }
        for index in lines.indices where lines[index].chip == chip {
            readLevel(index, .resumed, into: &writer)
            let now = stampClock.now()
            writer.gap(
                Gap(
                    .sourceBack, .line(lines[index].info.id), .unknown, discovered: now,
                    from: lines[index].goneSince ?? now, to: now))
            lines[index].goneSince = nil
        }
    }
}
