#if IIO
    import TapCore

    extension IIOContext {
        /// Opens a context, the network ones after having asked whether an IIOD is there at all, and behind a guard.
        static func open(_ uri: String, timeout: Nanoseconds) throws(TapError) -> IIOContext {
            let address = IIOAddress(uri)
            var host: IIOHost?
            if case .network(let named) = address {
                guard let named else {
                    throw TapError(
                        .unsupported, uri,
                        "names no host: whichever machine answers would be believed, without a guard",
                        remedy: "write ip:HOST, or ip:HOST:PORT")
                }
                host = named
            }
            if let host { try probe(host, uri, timeout) }
            do throws(Errno) {
                var guardian: IIOGuard?
                if let host { guardian = try IIOGuard(host) }
                let context = try IIOContext(uri: guardian?.uri ?? uri, behind: guardian)
                if address.isRemote { try context.setTimeout(timeout) }
                return context
            } catch {
                switch address {
                case .local where error == .notFound:
                    throw TapError(
                        .notFound, uri, "this machine has no IIO devices (there is no /sys/bus/iio)",
                        remedy: "load the ADC's driver, or use another context")
                case .xml:
                    throw TapError(
                        .device, uri, "the file is not a description of an IIO context: \(error.words)",
                        remedy: "create one with: iio_genxml")
                case .other where error == .notImplemented || error == .invalid:
                    throw TapError(
                        .unsupported, uri, "this libiio does not support such a context",
                        remedy: "write local:, or ip:HOST, or ip:HOST:PORT")
                default: throw error.error(uri, "the context cannot be opened", remedy: "check that iiod runs there")
                }
            }
        }

        private static func probe(_ host: IIOHost, _ uri: String, _ timeout: Nanoseconds) throws(TapError) {
            do throws(Errno) {
                try probeIIOD(host: host.host, port: host.port, timeout: timeout)
            } catch {
                let seconds = Double(timeout.count) / 1e9
                switch error {
                case .protocolError, .connectionReset, .brokenPipe:
                    throw TapError(
                        .device, uri, "the server at port \(host.port) is not IIOD: its answer is invalid",
                        remedy: "give the port of iiod")
                case .timedOut:
                    throw TapError(
                        .device, uri, "no answer within \(seconds) s",
                        remedy: "check that \(host.host) is up and runs iiod"
                    )
                case .notFound:
                    throw TapError(
                        .notFound, uri, "the host \(host.host) is not known", remedy: "check its name")
                default:
                    throw TapError(
                        .device, uri, "no connection: \(error.words)", remedy: "check that iiod runs on \(host.host)")
                }
            }
        }

        /// Of a remote: what it says that is weaker is believed, as of a simulation that is served; nothing that it says
        /// makes it hardware.
        var remoteProvenance: Provenance {
            switch attribute(Provenance.contextAttribute).flatMap(Provenance.init) {
            case .simulated: .simulated
            case .replayed: .replayed
            case .emulatedKernel: .emulatedKernel
            case .hardware, .remote, nil: .remote
            }
        }

        func find(_ options: IIOOptions) throws(TapError) -> Int {
            let devices = (0..<deviceCount).filter { !isTrigger($0) }
            let names = devices.map { DeviceNames(id: id(of: $0), name: name(of: $0), label: label(of: $0)) }
            let match = DeviceMatch(options.device, among: names)
            if let index = match.index { return devices[index] }
            if let (what, remedy) = match.ambiguity(options.device) {
                throw TapError(.configuration, options.name, what, remedy: remedy)
            }
            let known = names.map(\.shown)
            throw TapError(
                .notFound, options.name, "\(options.context) has no device \(options.device)",
                remedy: known.isEmpty ? "it has none" : "it has: \(known.joined(separator: ", "))")
        }

        func find(
            _ wanted: [BoardChannel], of device: Int, _ options: IIOOptions
        ) throws(TapError) -> [IIOChannel] {
            let inputs = channels(of: device).filter { !$0.isOutput && $0.id != "timestamp" }
            var found: [IIOChannel] = []
            for channel in wanted {
                guard
                    let match = inputs.first(where: { $0.id == channel.channel })
                        ?? inputs.first(where: { $0.name == channel.channel })
                else {
                    throw TapError(
                        .notFound, "\(options.name).\(channel.name)", "the device has no input \(channel.channel)",
                        remedy: "it has: \(inputs.map(\.id).joined(separator: ", "))")
                }
                guard !found.contains(match) else {
                    throw TapError(
                        .busy, "\(options.name).\(channel.name)", "the input \(match.id) was named twice",
                        remedy: "name it once")
                }
                found.append(match)
            }
            guard !found.isEmpty else {
                throw TapError(.configuration, options.name, "no channel is named", remedy: "name one")
            }
            return found
        }
    }
#endif
