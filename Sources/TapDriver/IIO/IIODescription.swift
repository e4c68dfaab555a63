#if IIO
    import TapCore

    /// What an opened device is: constant for as long as it is the same device.
    struct IIODescription: Sendable, Hashable {
        var device: DeviceInfo
        var provenance: Provenance
        /// Of the times that records carry.
        var clock: ClockDomain
        var stamp: ScanCutter.Stamp?
        /// Stamps of scans are in a clock that is not the gateway's.
        var isForeignClock: Bool
        /// The rate was set and read back.
        var isRateSure: Bool
        /// The longest that a scan waits in the device's buffer.
        var bufferSpan: Nanoseconds
        /// Of a polled device: how long one poll of all channels took.
        var readingTakes = Nanoseconds.zero
        var limits: [String]

        func cutter() -> ScanCutter {
            ScanCutter(
                device: device.id, bytesPerScan: device.bytesPerScan, stamp: stamp, isForeignClock: isForeignClock,
                rate_hz: device.rate_hz, isRateSure: isRateSure)
        }

        /// The same channels at the same places with the same meaning: what was said at the start still holds.
        func isSame(as other: IIODescription) -> Bool {
            device == other.device && stamp == other.stamp && isForeignClock == other.isForeignClock
        }
    }

    extension ScanRecorder {
        init(_ description: IIODescription, timeout: Nanoseconds, at now: Timestamp) {
            self.init(
                description.device, description.cutter(), bufferSpan: description.bufferSpan,
                isRateSure: description.isRateSure, timeout: timeout, at: now)
        }
    }

    extension Errno {
        /// - Parameters:
        ///   - subject: the ADC, channel or context it happened to.
        ///   - doing: as "the trigger cannot be set".
        func error(_ subject: String, _ doing: String, remedy: String = "") -> TapError {
            let (kind, advice): (TapError.Kind, String) =
                switch self {
                case .denied, .notPermitted: (.permission, "join the group that owns the device or add a udev rule")
                case .busy: (.busy, "stop the program that uses the device")
                case .notFound, .noAddress, .noDevice: (.notFound, "list what exists with: tap lines")
                case .notImplemented: (.unsupported, "")
                default: (.device, "")
                }
            return TapError(kind, subject, "\(doing): \(words)", remedy: remedy.isEmpty ? advice : remedy)
        }
    }
#endif
