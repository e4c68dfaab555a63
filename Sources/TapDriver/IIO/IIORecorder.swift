#if IIO
    import TapCore

    /// Writes what a device delivers, and what is to be told when it does not: gone, back, missing scans.
    struct IIORecorder {
        private let description: IIODescription
        private let silence: Nanoseconds
        private var cutter: ScanCutter
        private var lastHeard: Timestamp
        private var isGone = false

        /// - Parameter now: as good as heard: the device has just been opened.
        init(_ description: IIODescription, timeout: Nanoseconds, at now: Timestamp) {
            self.description = description
            silence = timeout + description.bufferSpan * 2
            cutter = description.cutter()
            lastHeard = now
        }

        private var subject: Gap.Subject { .device(description.device.id) }

        /// - Parameter bytes: whole scans; of a polled device one.
        mutating func delivered(_ bytes: [UInt8], _ delivery: ScanCutter.Delivery, into writer: inout RecordWriter) {
            if isGone {
                isGone = false
                cutter.restart()
                let gap = Gap(
                    .sourceBack, subject, .unknown, discovered: delivery.arrived, from: lastHeard, to: delivery.arrived)
                writer.gap(gap)
            }
            lastHeard = delivery.arrived
            bytes.withRaw { raw in
                if description.device.method == .polled {
                    cutter.takePolled(raw, delivery, into: &writer)
                } else {
                    cutter.take(raw, delivery, into: &writer)
                }
            }
        }

        /// The device or the way to it is gone. Told once until it is back.
        mutating func lost(at now: Timestamp, into writer: inout RecordWriter) {
            guard !isGone else { return }
            isGone = true
            writer.gap(Gap(.sourceGone, subject, .unknown, discovered: now, from: lastHeard, to: now))
        }

        /// A device that says nothing for too long, as one whose trigger has stopped, is as good as gone.
        mutating func tick(at now: Timestamp, into writer: inout RecordWriter) {
            if description.device.method == .buffered, now - lastHeard > silence { lost(at: now, into: &writer) }
            writer.watermark(at: now)
        }
    }
#endif
