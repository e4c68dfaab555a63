#if Gpiod
    import CGpiod
    import CLinux
    public import TapCore

    /// GPIO lines through libgpiod: one request and kernel queue per line, all in one epoll set on one thread.
    ///
    /// A request of its own for each line keeps a chattering wire from pushing its neighbours' events out of a shared
    /// queue (docs/decisions/0001). It listens only: lines that are outputs are refused, none is ever driven.
    /// Not thread-safe; `start` opens devices and may block for as long as the kernel takes, `step` does not block.
    public struct GpiodSource: ~Copyable, TapSource {
        public internal(set) var info: SourceInfo
        let options: GpiodOptions
        let clock: any TapClock
        /// The clock of the stamps: the same, unless CLOCK_REALTIME was asked for.
        let stampClock: any TapClock
        let finder: ChipFinder
        var lines: [GpiodLine]
        var chips: [Chip]
        var readiness: Readiness?
        private let events = EventBuffer()
        private var nextReread = Timestamp.zero
        private var nextSearch = Timestamp.zero
        /// Everything stamped before this had been taken, but for what is under way: where an unnoticed loss may begin.
        var drained = Timestamp.zero

        struct Chip {
            let label: String
            var handle: ChipHandle?
        }

        /// How often a watermark is published and muted lines are polled, and the storm window.
        private static let tick = Nanoseconds.milliseconds(10)
        private static let window = Nanoseconds.milliseconds(100)
        /// Between an interrupt's stamp and its event being readable, on a loaded machine.
        private static let lateness = Nanoseconds.milliseconds(5)
        /// Events taken from one line before the others have their turn.
        private static let turn = 4 * EventBuffer.capacity

        /// - Parameters:
        ///   - lines: with the chip's label and offset; `id` consecutive.
        ///   - clock: the gateway's monotonic clock.
        ///   - stampClock: CLOCK_REALTIME if `options.isRealtime`, otherwise as `clock`.
        ///   - offset: of the stamps' clock to the monotonic one.
        public init(
            lines: [LineInfo], options: GpiodOptions = GpiodOptions(), clock: any TapClock,
            stampClock: (any TapClock)? = nil, domain: ClockDomain = ClockDomain(.monotonic)
        ) {
            self.options = options
            self.clock = clock
            self.stampClock = stampClock ?? clock
            finder = ChipFinder(directory: options.deviceDirectory)
            var labels: [String] = []
            for line in lines where !labels.contains(line.chip) { labels.append(line.chip) }
            chips = labels.map { Chip(label: $0, handle: nil) }
            let isNumbered = Gpiod.interface == 2
            self.lines = lines.map { line in
                GpiodLine(
                    info: line, chip: labels.firstIndex(of: line.chip) ?? 0,
                    audit: LineAudit(line.id, edges: line.options.edges, isNumbered: isNumbered, start: .zero),
                    nextMute: options.muteFor)
            }
            info = SourceInfo(
                name: "gpio", provenance: .hardware, clock: domain,
                capabilities: isNumbered
                    ? [.edges, .countsQueueLoss, .readsLevels, .mutes, .returns]
                    : [.edges, .readsLevels, .mutes, .returns],
                lines: lines, allowedLateness: GpiodSource.lateness, limits: Gpiod.limits)
        }

        public mutating func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
            do throws(TapError) { try open(into: &writer) } catch {
                close()
                throw error
            }
            info.lines = lines.map(\.info)
            drained = stampClock.now()
            nextReread = now + options.rereadEvery
            return wake(now)
        }

        private mutating func open(into writer: inout RecordWriter) throws(TapError) {
            do throws(Errno) { readiness = try Readiness() } catch {
                throw TapError(.device, "epoll", "\(error)", remedy: "raise the limit of open files ('ulimit -n')")
            }
            let from = stampClock.now()
            for index in chips.indices { chips[index].handle = try openChip(chips[index].label) }
            info.provenance =
                chips.compactMap { $0.handle.map(ChipFinder.provenance) }.allSatisfy { $0 == .hardware }
                ? .hardware : .emulatedKernel
            for index in lines.indices {
                lines[index].audit = LineAudit(
                    lines[index].info.id, edges: lines[index].info.options.edges,
                    isNumbered: Gpiod.interface == 2, start: from)
                try request(index)
                readLevel(index, .first, into: &writer)
            }
        }

        public mutating func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
            guard readiness != nil else { return .ended }
            let covered = stampClock.now()
            if drain(into: &writer) {
                drained = covered
                keepHouse(now, covered, into: &writer)
            } else {
                writer.settle(at: covered)
            }
            return wake(clock.now())
        }

        public mutating func stop(at now: Timestamp, into writer: inout RecordWriter) {
            // What is queued now was there before the stop; a storm must not keep the source from ending.
            for _ in 0..<4 + lines.count / Readiness.most { if drain(into: &writer) { break } }
            for index in lines.indices {
                if let mute = lines[index].mute { tellMute(index, mute, until: stampClock.now(), into: &writer) }
                lines[index].mute = nil
            }
            writer.publish()
            close()
        }

        private mutating func close() {
            for index in lines.indices { lines[index].request = nil }
            readiness = nil
            for index in chips.indices { chips[index].handle = nil }
        }

        private func wake(_ now: Timestamp) -> Wake {
            guard let descriptor = readiness?.descriptor else { return .ended }
            return .readable(descriptor, orAt: now + GpiodSource.tick)
        }

        // MARK: Events

        /// Takes what is queued.
        ///
        /// - Returns: false if there is more.
        private mutating func drain(into writer: inout RecordWriter) -> Bool {
            guard let count = readiness?.poll() else { return true }
            var isAll = count < Readiness.most
            for position in 0..<count {
                guard let ready = readiness?[position] else { break }
                let index = Int(ready.token)
                var isGone = ready.gone
                if ready.readable {
                    do throws(Errno) { isAll = try drain(line: index, into: &writer) && isAll } catch { isGone = true }
                }
                if isGone { chipGone(lines[index].chip, into: &writer) }
            }
            writer.publish()
            return isAll
        }

        /// - Returns: false if the line has more than its turn.
        private mutating func drain(line index: Int, into writer: inout RecordWriter) throws(Errno) -> Bool {
            guard let request = lines[index].request else { return true }
            var taken = 0
            while taken < GpiodSource.turn {
                let count = try request.read(into: events)
                guard count > 0 else { return true }
                let arrived = stampClock.now()
                GpiodSource.feed(&lines[index].audit, events, count, arrived, into: &writer)
                writer.publish()
                taken += count
                if lines[index].mute == nil, isStorm(index, count) { mute(index, into: &writer) }
                if count < EventBuffer.capacity { return true }
            }
            return false
        }

        /// Whether a line is above its limit with the `count` events just read. Judged by their stamps: a reader that comes
        /// late finds many at once, which is no storm.
        private mutating func isStorm(_ index: Int, _ count: Int) -> Bool {
            guard let limit = options.stormLimit_hz else { return false }
            let first = Timestamp(nanoseconds: events[0].timestamp_ns)
            let last = Timestamp(nanoseconds: events[count - 1].timestamp_ns)
            let from = lines[index].windowFrom
            if first < from || first - from >= GpiodSource.window {
                lines[index].windowFrom = first
                lines[index].windowCount = 0
            }
            lines[index].windowCount += count
            guard lines[index].windowCount > limit / 10 else { return false }
            let span = last - lines[index].windowFrom
            guard span >= GpiodSource.window else { return true }
            // Read late, and more than one window: their mean rate says it.
            let rate_hz = Double(lines[index].windowCount) / (Double(span.count) * 1e-9)
            lines[index].windowFrom = last
            lines[index].windowCount = 0
            return rate_hz > Double(limit)
        }

        /// The hot loop: apart, so that the line's state is accessed once per batch and not once per event.
        @inline(__always)
        private static func feed(
            _ audit: inout LineAudit, _ events: borrowing EventBuffer, _ count: Int, _ arrived: Timestamp,
            into writer: inout RecordWriter
        ) {
            for position in 0..<count {
                let event = events[position]
                audit.event(
                    at: Timestamp(nanoseconds: event.timestamp_ns), sequence: event.sequence,
                    isRising: event.rising != 0, arrived: arrived, into: &writer)
            }
        }

        // MARK: What is done each tick

        private mutating func keepHouse(_ now: Timestamp, _ covered: Timestamp, into writer: inout RecordWriter) {
            for index in lines.indices { pollMuted(index, now, into: &writer) }
            if now >= nextReread { rereadLevels(now, into: &writer) }
            if now >= nextSearch { searchChips(now, into: &writer) }
            writer.watermark(at: covered)
        }

        private mutating func searchChips(_ now: Timestamp, into writer: inout RecordWriter) {
            nextSearch = now + .seconds(1)
            for index in chips.indices where chips[index].handle == nil { chipBack(index, into: &writer) }
        }

        private mutating func rereadLevels(_ now: Timestamp, into writer: inout RecordWriter) {
            var isDoubtful = false
            for index in lines.indices where lines[index].mute == nil {
                guard let read = bracketedLevel(index) else { continue }
                let again = lines[index].audit.reread(
                    read.isHigh, notBefore: read.from, notAfter: read.to, into: &writer)
                isDoubtful = again || isDoubtful
            }
            nextReread = now + (isDoubtful ? min(options.rereadEvery, .milliseconds(60)) : options.rereadEvery)
        }

        func bracketedLevel(_ index: Int) -> (isHigh: Bool, from: Timestamp, to: Timestamp)? {
            guard let request = lines[index].request else { return nil }
            let from = stampClock.now()
            do throws(Errno) {
                let isHigh = try request.value()
                return (isHigh, from, stampClock.now())
            } catch { return nil }
        }

        mutating func readLevel(_ index: Int, _ reason: Level.Reason, into writer: inout RecordWriter) {
            guard let read = bracketedLevel(index) else { return }
            lines[index].audit.settle(read.isHigh, reason, notBefore: read.from, notAfter: read.to, into: &writer)
        }
    }
#endif
