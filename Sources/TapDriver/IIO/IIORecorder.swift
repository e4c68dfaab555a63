#if IIO
    import TapCore

    /// Writes what a device delivers, and what is to be told when it does not: gone, back, missing scans.
    struct IIORecorder {
        private let description: IIODescription
        private let timeout: Nanoseconds
        private var cutter: ScanCutter
        private var lastHeard: Timestamp
        private var isGone = false
        private var isReopened = false
        /// Between deliveries, while nothing was wrong.
        private var longestInterval = Nanoseconds.zero
        private var deliveries = 0

        /// Of a device whose rate nobody is sure of: it may be a slow one.
        private static let patience = Nanoseconds.seconds(60)
        private static let deliveriesToLearn = 4

        /// - Parameter now: as good as heard: the device has just been opened.
        init(_ description: IIODescription, timeout: Nanoseconds, at now: Timestamp) {
            self.description = description
            self.timeout = timeout
            cutter = description.cutter()
            lastHeard = now
        }

        private var subject: Gap.Subject { .device(description.device.id) }

        /// What a device that is well does not exceed: a silence that is told is a loss.
        private var longestSilence: Nanoseconds {
            let silence = timeout + description.bufferSpan * 2
            if description.isRateSure { return silence }
            return deliveries < IIORecorder.deliveriesToLearn ? IIORecorder.patience : silence + longestInterval * 4
        }

        /// - Parameter bytes: whole scans; of a polled device one.
        mutating func delivered(_ bytes: [UInt8], _ delivery: ScanCutter.Delivery, into writer: inout RecordWriter) {
            if isGone {
                cutter.restart(isReopened: isReopened)
                isGone = false
                isReopened = false
                let gap = Gap(
                    .sourceBack, subject, .unknown, discovered: delivery.arrived, from: lastHeard, to: delivery.arrived)
                writer.gap(gap)
            } else {
                deliveries += 1
                longestInterval = max(longestInterval, delivery.arrived - lastHeard)
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

        /// The device or the way to it is gone.
        mutating func lost(at now: Timestamp, into writer: inout RecordWriter) {
            isReopened = true
            tellGone(at: now, into: &writer)
        }

        /// Told once until it is back.
        private mutating func tellGone(at now: Timestamp, into writer: inout RecordWriter) {
            guard !isGone else { return }
            isGone = true
            writer.gap(Gap(.sourceGone, subject, .unknown, discovered: now, from: lastHeard, to: now))
        }

        /// A device that says nothing for too long, as one whose trigger has stopped, is as good as gone.
        mutating func tick(at now: Timestamp, into writer: inout RecordWriter) {
            if description.device.method == .buffered, now - lastHeard > longestSilence {
                tellGone(at: now, into: &writer)
            }
            writer.watermark(at: now)
        }
    }
#endif
