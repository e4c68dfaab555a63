public import TapCore

#if IIO
    import Synchronization
#endif

/// What a libiio context has: for `tap lines` and `tap doctor`. Reading it requests, enables and sets nothing.
public struct IIOInventory: Sendable, Hashable {
    public struct Device: Sendable, Hashable {
        /// As `iio:device0`.
        public var id: String
        public var name: String?
        /// Of the device tree: distinguishes devices of one name.
        public var label: String? = nil
        /// The trigger that is set; nil: none, or not reported.
        public var trigger: String?
        public var channels: [Channel]
        /// Computed by this machine's kernel (the IIO dummy): there is no converter.
        public var isEmulated = false
        /// Scans can carry times.
        public var isTimestamped: Bool { channels.contains { $0.id == "timestamp" && $0.isScannable } }
        var names: DeviceNames { DeviceNames(id: id, name: name, label: label) }
    }

    public struct Channel: Sendable, Hashable {
        /// As `voltage0`.
        public var id: String
        public var name: String?
        public var isOutput: Bool
        /// Can be buffered; otherwise it can be polled only.
        public var isScannable: Bool
        /// Of a scannable channel: the kernel's form of a sample, as `le:s12/16>>4`.
        public var format: String?
        /// Of converted values, as `V`, or `raw` where the device reports no scale.
        public var unit: String
        /// value = (raw + offset) * scale, in `unit`; nil: not reported.
        public var scale: Double?
        public var offset: Double?
    }

    /// The URI it was reached by.
    public var context: String
    /// libiio's backend: local, network, xml, usb.
    public var backend: String
    public var devices: [Device]
    /// IDs and names of triggers, which drive devices.
    public var triggers: [String]
}

#if IIO

    extension IIOInventory {
        /// Reads a context.
        ///
        /// - Parameters:
        ///   - context: `local:`, `ip:HOST[:PORT]` or `xml:FILE`.
        ///   - timeout: of each answer of a remote. The whole takes at most 5 s or five timeouts, whichever is longer.
        public static func read(
            _ context: String, timeout: Nanoseconds = .seconds(1), clock: any TapClock = SystemClock()
        ) throws(TapError) -> IIOInventory {
            guard IIOAddress(context).isRemote else { return try readHere(context, timeout) }
            // On a thread of its own: the calls cannot be given a limit.
            let answer = Answer()
            let limit = max(.seconds(5), timeout * 5)
            let end = clock.now() + limit
            try answer.given.check()
            let thread = try iioThread(for: context) {
                answer.set(Result { () throws(TapError) in try readHere(context, timeout) })
            }
            while true {
                if let result = answer.value {
                    thread.join()
                    return try result.get()
                }
                let left = end - clock.now()
                guard left > .zero else {
                    thread.leave()
                    throw TapError(
                        .device, context, "no answer within \(Double(limit.count) / 1e9) s",
                        remedy: "check that iiod runs there")
                }
                answer.given.wait(left)
            }
        }

        private final class Answer: Sendable {
            let given = WakePipe()
            private let result = Mutex<Result<IIOInventory, TapError>?>(nil)
            var value: Result<IIOInventory, TapError>? { result.withLock { $0 } }
            func set(_ value: Result<IIOInventory, TapError>) {
                result.withLock { $0 = value }
                given.wake()
            }
        }

        private static func readHere(_ uri: String, _ timeout: Nanoseconds) throws(TapError) -> IIOInventory {
            let context = try IIOContext.open(uri, timeout: timeout)
            defer { context.close() }
            var inventory = IIOInventory(context: uri, backend: context.backend, devices: [], triggers: [])
            for device in 0..<context.deviceCount {
                if context.isTrigger(device) {
                    inventory.triggers.append(context.name(of: device) ?? context.id(of: device))
                    continue
                }
                let trigger = (try? context.trigger(of: device)).flatMap { $0 }
                let id = context.id(of: device)
                inventory.devices.append(
                    Device(
                        id: id, name: context.name(of: device), label: context.label(of: device),
                        trigger: trigger.map { context.name(of: $0) ?? context.id(of: $0) },
                        channels: context.channels(of: device).map { Channel($0, context, device) },
                        isEmulated: !IIOAddress(uri).isRemote && IIOSysfs.isEmulated(id)))
            }
            return inventory
        }
    }

    extension IIOInventory.Channel {
        fileprivate init(_ channel: IIOChannel, _ context: IIOContext, _ device: Int) {
            func number(_ attribute: String) -> Double? {
                (try? context.read(attribute, device, channel.number)).flatMap(Double.init)
            }
            let scale = number("scale") ?? channel.scale
            let isTimestamp = channel.id == "timestamp"
            let unit = scale == nil && !isTimestamp ? nil : IIOUnit.ofChannel(channel.id)
            self.init(
                id: channel.id, name: channel.name, isOutput: channel.isOutput, isScannable: channel.isScannable,
                format: channel.isScannable ? channel.formatText : nil, unit: (unit ?? .raw).symbol,
                scale: isTimestamp ? unit?.factor : scale.map { $0 * (unit?.factor ?? 1) }, offset: number("offset"))
        }
    }

#else

    extension IIOInventory {
        /// This program was built without libiio: throws `.unsupported`.
        public static func read(
            _ context: String, timeout: Nanoseconds = .seconds(1), clock: any TapClock = SystemClock()
        ) throws(TapError) -> IIOInventory {
            throw TapError(
                .unsupported, context, "this program was built without libiio", remedy: "build it with the trait IIO")
        }
    }

#endif
