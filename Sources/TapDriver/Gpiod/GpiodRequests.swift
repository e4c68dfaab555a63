#if Gpiod
    import TapCore

    extension GpiodSource {
        /// The chip of that label, if it is what it must be. Requests nothing.
        func openChip(_ label: String) throws(TapError) -> ChipHandle {
            let chip = try finder.open(label: label)
            let found = ChipFinder.provenance(of: chip)
            if let wanted = options.provenance, wanted != found {
                throw TapError(
                    .wrongMachine, "chip '\(label)' (\(chip.path))",
                    "is \(found.rawValue), not \(wanted.rawValue) as the board file says",
                    remedy: "use a board file that says what is there; no line was requested")
            }
            return chip
        }

        /// Requests a line of a chip that is open.
        mutating func request(_ index: Int) throws(TapError) {
            let line = lines[index].info
            guard let chip = chips[lines[index].chip].handle else { return }
            let place = "line '\(line.name)' (\(chip.name) offset \(line.offset))"
            guard line.offset < chip.lines else {
                throw TapError(
                    .notFound, place, "is past the end of chip '\(chip.label)', which has \(chip.lines) lines",
                    remedy: "is the board file of another machine?")
            }
            do throws(Errno) {
                let kernel = try chip.describe(line.offset)
                guard !kernel.isUsed else { throw .busy }
                if !kernel.isOutput {
                    let request = try chip.request(
                        line.offset, line.options, isRealtime: options.isRealtime, queue: options.queue)
                    try readiness?.add(request.descriptor, token: index)
                    lines[index].request = request
                }
            } catch { throw explain(error, place, chip, line) }
            guard lines[index].request != nil else {
                throw TapError(
                    .busy, place, "is an output: requesting it would stop it from being driven",
                    remedy: "tap only listens; make it an input first if that is what it should be")
            }
            let isFull = Gpiod.interface == 2
            lines[index].info.queueAsked = isFull ? options.queue : nil
            lines[index].info.queueHeld = isFull ? options.queueHeld : 16
        }

        private func explain(_ error: Errno, _ place: String, _ chip: ChipHandle, _ line: LineInfo) -> TapError {
            switch error {
            case .busy:
                var consumer = "somebody who gives no name"
                do throws(Errno) {
                    let name = try chip.describe(line.offset).consumer
                    if !name.isEmpty { consumer = "'\(name)'" }
                } catch {}
                return TapError(
                    .busy, place, "is in use by \(consumer)",
                    remedy: "end that program or driver, or leave the line out")
            case .permission, .notPermitted:
                return TapError(.permission, place, "permission denied", remedy: ChipFinder.permissionRemedy)
            case .notSupported, .invalid:
                return TapError(
                    .unsupported, place, "cannot be captured like that: \(error)",
                    remedy: options.isRealtime || line.options != LineOptions()
                        ? "leave out clock, bias, debounce or active-low: the chip or libgpiod \(Gpiod.version) cannot"
                        : "the chip's driver gives no interrupts for this line")
            default:
                return TapError(.device, place, "\(error)", remedy: "'tap doctor' says more about this machine")
            }
        }

        // MARK: Chips that go and come back

        mutating func chipGone(_ chip: Int, into writer: inout RecordWriter) {
            guard chips[chip].handle != nil else { return }
            chips[chip].handle = nil
            let now = stampClock.now()
            for index in lines.indices where lines[index].chip == chip {
                if let request = lines[index].request { readiness?.remove(request.descriptor) }
                lines[index].request = nil
                if let mute = lines[index].mute { tellMute(index, mute, until: now, into: &writer) }
                lines[index].mute = nil
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
                for index in lines.indices where lines[index].chip == chip { lines[index].request = nil }
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
#endif
