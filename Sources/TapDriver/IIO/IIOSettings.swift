#if IIO
    import TapCore

    /// Settings of a device that a capture needs: each is made, remembered as it was before, and put back at the end.
    struct IIOSettings {
        private let context: IIOContext
        private let device: Int
        private let options: IIOOptions
        private var undo: [Undo] = []
        private(set) var limits: [String] = []

        private enum Undo {
            case attribute(device: Int, channel: Int?, name: String, value: String)
            case trigger(Int?)
        }

        init(_ context: IIOContext, _ device: Int, _ options: IIOOptions) {
            self.context = context
            self.device = device
            self.options = options
        }

        /// Puts back what was changed, the last change first, until one cannot be.
        mutating func restore() {
            while let last = undo.popLast() {
                do throws(Errno) {
                    switch last {
                    case .attribute(let device, let channel, let name, let value):
                        try context.write(name, device, channel, value)
                    case .trigger(let trigger): try context.setTrigger(of: device, to: trigger)
                    }
                } catch {
                    // The device or its connection is gone, and with it whatever could be put back.
                    undo.removeAll()
                }
            }
        }

        private mutating func set(_ name: String, _ device: Int, _ channel: Int?, _ value: String) throws(Errno) {
            let before = try context.read(name, device, channel)
            if before == value { return }
            try context.write(name, device, channel, value)
            undo.append(.attribute(device: device, channel: channel, name: name, value: before))
        }

        /// Makes scans be stamped in CLOCK_MONOTONIC; the kernel's default is the realtime clock.
        ///
        /// - Returns: false if the device cannot.
        mutating func useMonotonicClock() -> Bool {
            let name = "current_timestamp_clock"
            do throws(Errno) {
                try set(name, device, nil, "monotonic")
                return try context.read(name, device, nil) == "monotonic"
            } catch {
                return false
            }
        }

        mutating func useTrigger() throws(TapError) {
            guard let name = options.trigger else { return }
            let triggers = (0..<context.deviceCount).filter { context.isTrigger($0) }
            guard let trigger = triggers.first(where: { context.id(of: $0) == name || context.name(of: $0) == name })
            else {
                let known = triggers.map { context.name(of: $0) ?? context.id(of: $0) }
                throw TapError(
                    .notFound, options.name, "there is no trigger \(name)",
                    remedy: known.isEmpty
                        ? "there is none: create one" : "there are: \(known.joined(separator: ", "))")
            }
            do throws(Errno) {
                let before = try context.trigger(of: device)
                if before == trigger { return }
                try context.setTrigger(of: device, to: trigger)
                undo.append(.trigger(before))
            } catch {
                throw error.error(options.name, "the trigger \(name) cannot be set")
            }
        }

        private static let rateName = "sampling_frequency"

        /// Where a rate may be set: on the trigger, which makes the scans, else on the device, else on the channels.
        private func ratePlaces(_ channels: [Int]) -> [(device: Int, channel: Int?)] {
            var places: [(device: Int, channel: Int?)] = []
            if let trigger = try? context.trigger(of: device) { places.append((trigger, nil)) }
            places.append((device, nil))
            places += channels.map { (device, $0) }
            return places.filter { context.has(IIOSettings.rateName, $0.device, $0.channel) }
        }

        /// Sets the rate that is asked for, if one is.
        ///
        /// - Returns: scans per second; sure if it was set and read back, nil if nobody says.
        mutating func useRate(of channels: [Int]) throws(TapError) -> (rate_hz: Double?, isSure: Bool) {
            let places = ratePlaces(channels)
            guard let asked_hz = options.rate_hz else {
                let rate_hz = places.first.flatMap { try? context.read(IIOSettings.rateName, $0.device, $0.channel) }
                    .flatMap(Double.init)
                return (rate_hz.flatMap { $0 > 0 ? $0 : nil }, false)
            }
            guard !places.isEmpty else {
                limits.append("\(options.name): its rate cannot be set; \(asked_hz) Hz is what the board file says")
                return (asked_hz, false)
            }
            let text = asked_hz.rounded() == asked_hz ? String(Int64(asked_hz)) : String(asked_hz)
            var failure = Errno.invalid
            for place in places {
                do throws(Errno) {
                    try set(IIOSettings.rateName, place.device, place.channel, text)
                    let got_hz = Double(try context.read(IIOSettings.rateName, place.device, place.channel)) ?? asked_hz
                    if abs(got_hz - asked_hz) > asked_hz / 100 {
                        limits.append("\(options.name): \(asked_hz) Hz was requested, the device gives \(got_hz) Hz")
                    }
                    return (got_hz, true)
                } catch { failure = error }
            }
            let available = places.first.flatMap {
                try? context.read(IIOSettings.rateName + "_available", $0.device, $0.channel)
            }
            throw failure.error(
                options.name, "the rate cannot be set to \(asked_hz) Hz",
                remedy: available.map { "it takes \($0)" } ?? "give another rate, or none")
        }
    }

    /// How long a buffer is, and how long to wait for it.
    struct BufferPlan: Hashable {
        private var length: Int
        /// How long a buffer takes to fill; zero: not known.
        var span: Nanoseconds
        /// A remote that has half of it for a whole buffer (libiio `network.c`) can keep it.
        var timeout: Nanoseconds

        init(_ options: IIOOptions, rate_hz: Double?, isRemote: Bool) {
            let scans: Int
            if let asked = options.bufferLength {
                scans = max(1, asked)
            } else if let rate_hz {
                scans = max(1, Int(min(rate_hz / 20, 65_536)))
            } else {
                // A remote delivers only whole buffers, each within its timeout: one scan always fits.
                scans = isRemote ? 1 : 256
            }
            length = scans
            span = rate_hz.map { Nanoseconds(Int64(1e9 * Double(scans) / $0)) } ?? .zero
            timeout = max(options.timeout, span * 3)
        }

        /// Scans to open a buffer with: as many as make whole scans in the bytes that libiio makes of them. libiio 0.24
        /// counts a scan without the padding at its end, and the kernel refuses to read part of one.
        func scans(sampleSize: Int, bytesPerScan: Int) -> Int {
            ScanLayout.aligned(length, to: bytesPerScan / gcd(bytesPerScan, sampleSize))
        }

        private func gcd(_ first: Int, _ second: Int) -> Int { second == 0 ? first : gcd(second, first % second) }
    }
#endif
