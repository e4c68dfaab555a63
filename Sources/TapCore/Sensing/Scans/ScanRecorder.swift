/// Writes what a device delivers, and what is to be reported when it does not: gone, back, missing scans.
public struct ScanRecorder: Sendable {
    private let device: DeviceID
    private let method: DeviceInfo.Method
    private let isRateSure: Bool
    /// What a device that is well does not exceed, as far as it is known before.
    private let silence: Nanoseconds
    private var cutter: ScanCutter
    private var lastHeard: Timestamp
    /// It is gone, and nothing of after this time has come: what waited in the device is lost with it.
    private var goneSince: Timestamp?
    private var isReopened = false
    /// Between deliveries, while nothing was wrong.
    private var longestInterval = Nanoseconds.zero
    private var deliveries = 0

    /// Of a device whose rate nobody is sure of: it may be a slow one.
    private static let patience = Nanoseconds.seconds(60)
    private static let deliveriesToLearn = 4

    /// - Parameters:
    ///   - bufferSpan: the longest that a scan waits in the device's buffer.
    ///   - isRateSure: the device's rate was set and read back.
    ///   - timeout: how much longer than its buffers a device may be silent.
    ///   - now: counts as heard: the device has just been opened.
    public init(
        _ device: DeviceInfo, _ cutter: ScanCutter, bufferSpan: Nanoseconds, isRateSure: Bool, timeout: Nanoseconds,
        at now: Timestamp
    ) {
        self.device = device.id
        method = device.method
        self.isRateSure = isRateSure
        silence = timeout + bufferSpan * 2
        self.cutter = cutter
        lastHeard = now
    }

    private var subject: Gap.Subject { .device(device) }

    /// What a healthy device does not exceed: a silence that is reported is a loss.
    private var longestSilence: Nanoseconds {
        if isRateSure { return silence }
        return deliveries < ScanRecorder.deliveriesToLearn ? ScanRecorder.patience : silence + longestInterval * 4
    }

    /// - Parameter bytes: whole scans; of a polled device one.
    public mutating func delivered(_ bytes: [UInt8], _ delivery: ScanCutter.Delivery, into writer: inout RecordWriter) {
        if let since = goneSince {
            cutter.restart(isReopened: isReopened)
            goneSince = nil
            isReopened = false
            let gap = Gap(
                .sourceBack, subject, .unknown, discovered: delivery.arrived, from: since, to: delivery.arrived)
            writer.gap(gap)
        } else {
            deliveries += 1
            longestInterval = max(longestInterval, delivery.arrived - lastHeard)
        }
        lastHeard = delivery.arrived
        // Bytes, all initialised.
        unsafe bytes.withUnsafeBytes { bytes in
            if method == .polled {
                unsafe cutter.takePolled(bytes.bytes, delivery, into: &writer)
            } else {
                unsafe cutter.take(bytes.bytes, delivery, into: &writer)
            }
        }
    }

    /// The device or the way to it is gone.
    public mutating func lost(at now: Timestamp, into writer: inout RecordWriter) {
        isReopened = true
        tellGone(at: now, into: &writer)
    }

    /// Told once until it is back.
    private mutating func tellGone(at now: Timestamp, into writer: inout RecordWriter) {
        guard goneSince == nil else { return }
        let since = min(cutter.lastScan ?? lastHeard, lastHeard)
        goneSince = since
        writer.gap(Gap(.sourceGone, subject, .unknown, discovered: now, from: since, to: now))
    }

    /// A device that says nothing for too long, as one whose trigger has stopped, counts as gone.
    public mutating func tick(at now: Timestamp, into writer: inout RecordWriter) {
        if method == .buffered, now - lastHeard > longestSilence {
            tellGone(at: now, into: &writer)
        }
        writer.watermark(at: now)
    }
}
