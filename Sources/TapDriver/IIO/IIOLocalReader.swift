#if IIO
    import TapCore

    /// Reads a device of this machine on the stepping thread.
    final class IIOLocalReader: IIOReader, @unchecked Sendable {
        private let options: IIOOptions
        private let clock: any TapClock
        private var device: IIODevice?
        private var description: IIODescription?
        private var recorder: ScanRecorder?
        private var bytes: [UInt8] = []
        /// Of a buffered device: when it was read last. Of a polled one: when it is to be read next.
        private var asked = Timestamp.zero
        private var due = Timestamp.zero
        private var reopenAt = Timestamp.zero

        /// Buffers that one step reads: bounds it where data come faster than they are read.
        private static let buffersPerStep = 64

        init(_ options: IIOOptions, _ clock: any TapClock) {
            self.options = options
            self.clock = clock
        }

        /// A session that could not be opened as a whole drops its sources unstopped.
        deinit { device?.close(isBroken: false) }

        var stopper: Stopper? { nil }

        func start() throws(TapError) -> IIODescription {
            let opened = try IIODevice.open(options, clock: clock)
            var description = opened.description
            if options.method == .polled {
                // Shows that it can be read, and how long that takes.
                let before = clock.now()
                do throws(Errno) { try opened.poll(into: &bytes) } catch {
                    opened.close(isBroken: false)
                    throw error.error(options.name, "it cannot be read")
                }
                description.readingTakes = clock.now() - before
            }
            device = opened
            self.description = description
            recorder = ScanRecorder(description, timeout: options.timeout, at: opened.openedAt)
            asked = opened.openedAt
            due = clock.now()
            return description
        }

        func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
            if device == nil, now >= reopenAt { try reopen(at: now) }
            guard let device else {
                recorder?.tick(at: now, into: &writer)
                return .at(min(reopenAt, now + iioTick))
            }
            do throws(Errno) {
                let wake =
                    options.method == .polled
                    ? try poll(device, at: now, into: &writer) : try read(device, at: now, into: &writer)
                recorder?.tick(at: clock.now(), into: &writer)
                return wake
            } catch {
                recorder?.lost(at: clock.now(), into: &writer)
                device.close(isBroken: true)
                self.device = nil
                reopenAt = now + .seconds(1)
                recorder?.tick(at: clock.now(), into: &writer)
                return .at(now + iioTick)
            }
        }

        func stop(into writer: inout RecordWriter) {
            if let device {
                if options.method == .buffered { _ = try? read(device, at: clock.now(), into: &writer) }
                device.close(isBroken: false)
            }
            device = nil
        }

        private func reopen(at now: Timestamp) throws(TapError) {
            guard let opened = try? IIODevice.open(options, clock: clock) else {
                reopenAt = now + .seconds(1)
                return
            }
            if let description, !opened.description.isSame(as: description) {
                opened.close(isBroken: false)
                throw IIODevice.isAnother(options)
            }
            device = opened
            asked = opened.openedAt
            due = now
        }

        private func read(
            _ device: IIODevice, at now: Timestamp, into writer: inout RecordWriter
        ) throws(Errno) -> Wake {
            for _ in 0..<IIOLocalReader.buffersPerStep {
                let before = clock.now()
                guard try device.read(into: &bytes) else {
                    // Empty: whatever comes is taken after this.
                    asked = before
                    break
                }
                let delivery = ScanCutter.Delivery(asked: asked, arrived: clock.now())
                asked = delivery.arrived
                writer.arrived(at: delivery.arrived)
                recorder?.delivered(bytes, delivery, into: &writer)
            }
            // Without a descriptor reading blocks, but never for longer than libiio's local timeout of 1 s.
            guard let descriptor = device.descriptor else { return .at(now) }
            return .readable(descriptor, orAt: now + iioTick)
        }

        private func poll(
            _ device: IIODevice, at now: Timestamp, into writer: inout RecordWriter
        ) throws(Errno) -> Wake {
            if now >= due {
                let before = clock.now()
                try device.poll(into: &bytes)
                let delivery = ScanCutter.Delivery(asked: before, arrived: clock.now())
                recorder?.delivered(bytes, delivery, into: &writer)
                // Polls that could not be made in time are left out, not made up for.
                due = max(due + device.pollPeriod, delivery.arrived)
            }
            return .at(min(due, now + iioTick))
        }
    }
#endif
