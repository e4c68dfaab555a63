#if Gpiod
    import TapCore

    /// The kernel's chips through libgpiod, and an epoll set of the lines that are requested.
    ///
    /// Used on the capture thread only.
    final class GpiodKernel: LineKernel, @unchecked Sendable {
        let isNumbered = Gpiod.numbersEvents
        let name = "libgpiod \(Gpiod.version)"
        private let options: GpiodOptions
        private var readiness: Readiness?

        init(_ options: GpiodOptions) { self.options = options }

        func open() throws(TapError) {
            do throws(Errno) { readiness = try Readiness() } catch { throw GpiodKernel.explain(error) }
        }

        func close() { readiness = nil }

        func openChip(_ label: String) throws(TapError) -> any LineChip {
            GpiodChip(try ChipFinder(directory: options.deviceDirectory).open(label: label), options.listening)
        }

        func add(_ line: any RequestedLine, token: Int) throws(TapError) {
            guard let line = line as? RequestHandle else { return }
            do throws(Errno) { try readiness?.add(line.descriptor, token: token) } catch {
                throw GpiodKernel.explain(error)
            }
        }

        func remove(_ line: any RequestedLine) {
            if let line = line as? RequestHandle { readiness?.remove(line.descriptor) }
        }

        func poll() -> Int { readiness?.poll() ?? 0 }
        var mostReady: Int { Readiness.most }

        func ready(_ index: Int) -> ReadyLine {
            guard let ready = readiness?[index] else { preconditionFailure("nothing was polled") }
            return ready
        }

        func wake(tick: Timestamp) -> Wake { readiness.map { .readable($0.descriptor, orAt: tick) } ?? .ended }

        private static func explain(_ error: Errno) -> TapError {
            TapError(.device, "epoll", error.words, remedy: TapError.openFilesRemedy)
        }
    }

    /// An open chip, whose lines may be requested.
    final class GpiodChip: LineChip {
        private let chip: ChipHandle
        private let options: ListeningOptions
        let provenance: Provenance
        var name: String { chip.name }
        var label: String { chip.label }
        var path: String { chip.path }
        var lines: Int { chip.lines }

        init(_ chip: ChipHandle, _ options: ListeningOptions) {
            self.chip = chip
            self.options = options
            provenance = ChipFinder.provenance(of: chip)
        }

        func request(_ line: inout LineInfo) throws(LineRefusal) -> any RequestedLine {
            do throws(Errno) {
                let kernel = try chip.describe(line.offset)
                guard !kernel.isUsed else { throw .busy }
                if !kernel.isOutput {
                    let request = try chip.request(
                        line.offset, line.options, isRealtime: options.isRealtime, queue: options.queue)
                    line.queueAsked = Gpiod.choosesQueue ? options.queue : nil
                    line.queueHeld = Gpiod.choosesQueue ? options.queueHeld : 16
                    return request
                }
            } catch { throw refusal(error, line.offset) }
            throw .isOutput
        }

        private func refusal(_ error: Errno, _ offset: Int) -> LineRefusal {
            switch error {
            case .busy:
                do throws(Errno) { return .busy(consumer: try chip.describe(offset).consumer) } catch {
                    return .busy(consumer: "")
                }
            case .denied, .notPermitted: return .permission
            case .notSupported, .invalid: return .unsupported(error.words)
            default: return .failed(error.words)
            }
        }
    }
#endif
