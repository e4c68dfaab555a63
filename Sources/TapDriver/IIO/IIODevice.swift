#if IIO
    import TapCore

    /// One device of an open context, set up and capturing. Used by one thread at a time.
    final class IIODevice {
        let context: IIOContext
        let options: IIOOptions
        let number: Int
        private let isRemote: Bool
        private(set) var description: IIODescription
        /// When its buffer was about to be opened.
        private(set) var openedAt: Timestamp
        /// For poll(2); nil: reading blocks.
        private(set) var descriptor: Int32?
        /// In the order of `description.device.channels`, then the timestamp.
        private var channels: [IIOChannel]
        private var offsets: [Int]
        private var sampleSize = 0
        private var settings: IIOSettings

        /// Opens context and device. Blocks as long as that takes: over a network see `tap_iio_open`.
        ///
        /// - Parameter opened: is given the context as soon as there is one, so that it can be cancelled.
        static func open(
            _ options: IIOOptions, clock: any TapClock, opened: (IIOContext) -> Void = { _ in }
        ) throws(TapError) -> IIODevice {
            let context = try IIOContext.open(options.context, timeout: options.timeout)
            opened(context)
            let number = try context.find(options)
            return try IIODevice(context, number, options, clock)
        }

        private init(
            _ context: IIOContext, _ number: Int, _ options: IIOOptions, _ clock: any TapClock
        ) throws(TapError) {
            self.context = context
            self.number = number
            self.options = options
            settings = IIOSettings(context, number, options)
            channels = try context.find(options.channels, of: number, options)
            isRemote = IIOAddress(options.context).isRemote
            let provenance: Provenance =
                isRemote
                ? context.remoteProvenance
                : IIOSysfs.isEmulated(context.id(of: number)) ? .emulatedKernel : .hardware
            description = IIODescription(
                device: DeviceInfo(
                    id: options.deviceID, name: options.name, context: options.context, method: options.method,
                    isTimestamped: false, rate_hz: nil, bytesPerScan: 0, channels: []),
                provenance: provenance, clock: ClockDomain(.monotonic), stamp: nil, isForeignClock: false,
                isRateSure: false, bufferSpan: .zero, limits: [])
            openedAt = clock.now()
            offsets = []
            do throws(TapError) {
                if options.method == .polled { try setUpPolled() } else { try setUpBuffered(isRemote, clock) }
            } catch {
                close(isBroken: false)
                throw error
            }
        }

        /// Closes everything and leaves the device as it was found.
        ///
        /// - Parameter isBroken: the connection or device is gone: do not wait for its answers.
        func close(isBroken: Bool) {
            // A cancelled buffer of the network backend is dropped without a farewell that would have to be answered.
            if isBroken { context.cancel() }
            context.closeBuffer()
            settings.restore()
            context.close()
        }

        // MARK: Buffered

        private func setUpBuffered(_ isRemote: Bool, _ clock: any TapClock) throws(TapError) {
            try refuseWhatCannotBeBuffered(isRemote)
            try refuseDescription()
            let isStamped = addTimestamp()
            let isMonotonic = isStamped && settings.useMonotonicClock()
            try settings.useTrigger()
            let rate = try settings.useRate(of: channels.map(\.number))
            try layOut(isStamped)
            description.device.rate_hz = rate.rate_hz
            description.isRateSure = rate.isSure
            description.limits += settings.limits
            description.isForeignClock = isStamped && (isRemote || !isMonotonic)
            if description.isForeignClock {
                // Stamps are brought to the gateway's clock here, anew at each connection, and each block says how well.
                description.clock = ClockDomain(isRemote ? .remote : .realtime, uncertainty: nil)
                description.limits.append(foreignClockLimit(isRemote))
            }
            if !isStamped {
                description.limits.append(
                    "\(options.name): lost scans cannot be detected: the device has no timestamps")
            }
            try openBuffer(rate.rate_hz, isRemote, clock)
        }

        private func foreignClockLimit(_ isRemote: Bool) -> String {
            let whose = isRemote ? "of another machine" : "that cannot be set to monotonic"
            return
                "\(options.name): scans are stamped by a clock \(whose), mapped when the buffer was opened; drift since "
                + "then is not detected"
        }

        private func refuseWhatCannotBeBuffered(_ isRemote: Bool) throws(TapError) {
            for channel in channels {
                let subject = "\(options.name).\(channel.id)"
                guard channel.isScannable else {
                    throw TapError(
                        .unsupported, subject, "the channel is not scannable: the driver cannot put it into a buffer",
                        remedy: "read this ADC with 'how: polled'")
                }
                guard channel.format != nil else {
                    throw TapError(
                        .unsupported, subject, "samples of the form \(channel.formatText) cannot be read",
                        remedy: "read this ADC with 'how: polled'")
                }
            }
            if options.isOneChannelPerBuffer, channels.count > 1 {
                throw TapError(
                    .unsupported, options.name,
                    "the ADC takes one channel at a time into its buffer, not \(channels.count)",
                    remedy: "name one channel, or read it with 'how: polled'")
            }
            // libiio disables the buffer before it finds out that somebody else has it.
            if !isRemote, IIOSysfs.isCapturing(context.id(of: number)) {
                throw TapError(
                    .busy, options.name, "another program captures from \(context.id(of: number))",
                    remedy: "stop that program")
            }
        }

        private func refuseDescription() throws(TapError) {
            guard IIOAddress(options.context) == .xml else { return }
            throw TapError(
                .unsupported, options.name, "\(options.context) only describes devices and cannot capture",
                remedy: "use local: or ip:HOST")
        }

        private func addTimestamp() -> Bool {
            let found = context.channels(of: number).first {
                $0.id == "timestamp" && $0.isScannable && $0.format?.storageBits == 64
            }
            if let found { channels.append(found) }
            if found == nil, options.isTimestamped {
                description.limits.append(
                    "\(options.name): the board file says that scans have timestamps, but they do not")
            }
            return found != nil
        }

        private func layOut(_ isStamped: Bool) throws(TapError) {
            var elements: [(index: Int, format: ScanFormat)] = []
            for channel in channels { if let format = channel.format { elements.append((channel.index, format)) } }
            let layout = ScanLayout(elements)
            offsets = layout.offsets
            description.device.bytesPerScan = layout.bytesPerScan
            for (place, wanted) in options.channels.enumerated() {
                var info = describe(channels[place], wanted)
                info.byteOffset = offsets[place]
                info.format = elements[place].format
                description.device.channels.append(info)
            }
            guard isStamped, let offset = offsets.last, let format = elements.last?.format else { return }
            description.stamp = ScanCutter.Stamp(offset: offset, format: format)
            description.device.isTimestamped = true
            description.device.timestamp = ChannelInfo(
                name: "timestamp", channel: "timestamp", unit: "s", byteOffset: offset, format: format, offset: 0,
                scale: 1e-9)
        }

        private func openBuffer(_ rate_hz: Double?, _ isRemote: Bool, _ clock: any TapClock) throws(TapError) {
            for channel in channels { context.enable(channel.number, of: number) }
            let plan = BufferPlan(options, rate_hz: rate_hz, isRemote: isRemote)
            description.bufferSpan = plan.span
            do throws(Errno) {
                sampleSize = try context.sampleSize(of: number)
                if plan.timeout > options.timeout { try context.setTimeout(plan.timeout) }
                let scans = plan.scans(sampleSize: sampleSize, bytesPerScan: description.device.bytesPerScan)
                openedAt = clock.now()
                try context.openBuffer(of: number, scans: scans, kernelBuffers: options.kernelBuffers)
                descriptor = try context.bufferDescriptor()
            } catch {
                throw error.error(options.name, "its buffer cannot be opened")
            }
        }

        /// Reads what has come, at most one buffer of libiio.
        ///
        /// - Returns: false if nothing has come, or within the timeout of a remote.
        /// - Throws: the errno; EPIPE where a remote answers with no bytes, which says that nothing more is to come.
        func read(into bytes: inout [UInt8]) throws(Errno) -> Bool {
            bytes.removeAll(keepingCapacity: true)
            var step = 0
            do throws(Errno) {
                step = try context.refill(into: &bytes)
            } catch {
                // EAGAIN: nothing there. ETIMEDOUT: a remote's own limit has passed; its buffer stays as it is.
                if error == .wouldBlock || error == .timedOut { return false }
                throw error
            }
            if isRemote, bytes.isEmpty { throw .brokenPipe }
            if !isAsAsked(step) { bytes = repacked(bytes, step) }
            guard bytes.count % description.device.bytesPerScan == 0 else { throw .inputOutput }
            return !bytes.isEmpty
        }

        /// An IIOD that serves several programs delivers the channels of all of them.
        private func isAsAsked(_ step: Int) -> Bool {
            guard step == sampleSize else { return false }
            // libiio misplaces a channel of several samples; its own place is then not to be compared.
            return channels.indices.allSatisfy {
                channels[$0].format?.repeats != 1 || context.offset(of: channels[$0].number, of: number) == offsets[$0]
            }
        }

        /// The scans that were asked for out of wider ones.
        private func repacked(_ bytes: [UInt8], _ step: Int) -> [UInt8] {
            let largest = channels.compactMap { $0.format?.bytes }.max() ?? 1
            let wide = ScanLayout.aligned(max(1, step), to: largest)
            let narrow = description.device.bytesPerScan
            let count = bytes.count / wide
            var out = [UInt8](repeating: 0, count: count * narrow)
            for (place, channel) in channels.enumerated() {
                guard let format = channel.format else { continue }
                let from = ScanLayout.aligned(context.offset(of: channel.number, of: number), to: format.bytes)
                guard from >= 0, from + format.bytes <= wide else { continue }
                for scan in 0..<count {
                    for byte in 0..<format.bytes {
                        out[scan * narrow + offsets[place] + byte] = bytes[scan * wide + from + byte]
                    }
                }
            }
            return out
        }
    }

    // MARK: Polled

    extension IIODevice {
        /// Of a polled ADC where nobody says otherwise.
        static let pollRate_hz = 10.0
        /// Attributes named "input" are in the kernel's units, with up to nine decimals; six are kept.
        private static let inputSteps = 1e6

        private func setUpPolled() throws(TapError) {
            let rate_hz = options.rate_hz ?? IIODevice.pollRate_hz
            guard rate_hz > 0, rate_hz <= 10_000 else {
                throw TapError(
                    .configuration, options.name, "an ADC is polled at up to 10000 scans per second, not \(rate_hz)",
                    remedy: "give a rate above 0")
            }
            var offset = 0
            for (place, wanted) in options.channels.enumerated() {
                let channel = channels[place]
                guard let attribute = polledAttribute(of: channel) else {
                    throw TapError(
                        .unsupported, "\(options.name).\(channel.id)",
                        "the driver does not allow single samples to be read",
                        remedy: "read this ADC with 'how: buffered'")
                }
                var info = describe(channel, wanted)
                // Samples of up to 32 bits keep that form; what else comes out of a file may be longer.
                let isShort =
                    attribute == "raw" && (channel.format.map { $0.bits + ($0.isSigned ? 0 : 1) <= 32 } ?? false)
                let bits = isShort ? 32 : 64
                info.format = ScanFormat(isBigEndian: false, isSigned: true, bits: bits, storageBits: bits)
                if attribute == "input" {
                    let unit = IIOUnit.ofChannel(channel.id)
                    info.unit = unit?.symbol ?? IIOUnit.raw.symbol
                    info.scale = (unit?.factor ?? 1) / IIODevice.inputSteps
                    info.offset = 0
                }
                offset = ScanLayout.aligned(offset, to: info.format.bytes)
                info.byteOffset = offset
                offset += info.format.bytes
                description.device.channels.append(info)
            }
            try refuseDescription()
            let largest = description.device.channels.map(\.format.bytes).max() ?? 1
            description.device.bytesPerScan = ScanLayout.aligned(offset, to: largest)
            description.device.rate_hz = rate_hz
            description.isRateSure = true
            description.limits.append(
                "\(options.name): is polled channel by channel; changes between two polls are not captured")
        }

        private func polledAttribute(of channel: IIOChannel) -> String? {
            ["raw", "input"].first { context.has($0, number, channel.number) }
        }

        /// Reads each channel once, one after the other. Blocks as long as the conversions take.
        func poll(into bytes: inout [UInt8]) throws(Errno) {
            bytes.removeAll(keepingCapacity: true)
            for place in description.device.channels.indices {
                let info = description.device.channels[place]
                guard let attribute = polledAttribute(of: channels[place]) else { throw .noDevice }
                let text = try context.read(attribute, number, channels[place].number)
                let value =
                    attribute == "raw" ? Int64(text) : Double(text).flatMap { Int64(exactly: ($0 * 1e6).rounded()) }
                guard let value, info.format.bits == 64 || Int32(exactly: value) != nil else { throw .inputOutput }
                while bytes.count < info.byteOffset { bytes.append(0) }
                for byte in 0..<info.format.bytes { bytes.append(UInt8(truncatingIfNeeded: value >> Int64(8 * byte))) }
            }
            while bytes.count < description.device.bytesPerScan { bytes.append(0) }
        }

        // MARK: Channels

        /// Name, unit, offset and scale; where it lies in a scan is filled in later.
        private func describe(_ channel: IIOChannel, _ wanted: BoardChannel) -> ChannelInfo {
            let scale = (try? context.read("scale", number, channel.number)).flatMap(Double.init) ?? channel.scale
            let offset = (try? context.read("offset", number, channel.number)).flatMap(Double.init) ?? 0
            // Without a scale the numbers are in no unit at all.
            let unit = scale == nil ? nil : IIOUnit.ofChannel(channel.id)
            let symbol = unit?.symbol ?? IIOUnit.raw.symbol
            if !wanted.unit.isEmpty, wanted.unit != symbol {
                description.limits.append(
                    "\(options.name).\(wanted.name): the board file says \(wanted.unit), the device gives \(symbol)")
            }
            return ChannelInfo(
                name: wanted.name, channel: channel.id, pin: wanted.pin, unit: symbol, byteOffset: 0,
                format: ScanFormat(isBigEndian: false, isSigned: true, bits: 64, storageBits: 64), offset: offset,
                scale: (scale ?? 1) * (unit?.factor ?? 1))
        }
    }
#endif
