#if IIO
    import Synchronization
    import TapCore

    /// Reads a remote device on a thread of its own, because libiio's network calls block: name resolution, connecting
    /// and each answer have limits that nobody can set. Whoever waits for this thread does so with a limit, and leaves it
    /// behind when that has passed.
    final class IIOWorker: Sendable {
        enum Event: Sendable {
            case opened(IIODescription)
            /// The first opening failed, or another device came back. Nothing follows but `.ended`.
            case failed(TapError)
            case delivered([UInt8], ScanCutter.Delivery)
            /// The connection broke; it is tried again each second.
            case lost(Timestamp)
            case ended
        }

        /// Deliveries that may wait here; beyond that they wait at the remote.
        private static let queueLimit = 64
        private static let reopenEvery = Nanoseconds.seconds(1)

        private let options: IIOOptions
        private let clock: any TapClock
        /// Readable when there are events.
        let events = WakePipe()
        /// Wakes the thread: stop, or room in the queue.
        private let kick = WakePipe()
        private let state = Mutex(State())

        private struct State {
            var queue: [Event] = []
            var isStopping = false
            var context: IIOContext?
        }

        init(_ options: IIOOptions, _ clock: any TapClock) {
            self.options = options
            self.clock = clock
        }

        /// - Throws: if the system cannot create another thread or open more files.
        func launch() throws(TapError) -> SystemThread {
            try events.check()
            try kick.check()
            return try iioThread(for: options.name) { self.run() }
        }

        /// From any thread, more than once.
        func stop() {
            let context = state.withLock { state in
                state.isStopping = true
                return state.context
            }
            context?.cancel()
            kick.wake()
            events.wake()
        }

        var isStopping: Bool { state.withLock { $0.isStopping } }

        /// What has happened since the last call.
        func take() -> [Event] {
            events.clear()
            let taken = state.withLock { state in
                defer { state.queue.removeAll(keepingCapacity: true) }
                return state.queue
            }
            if taken.count >= IIOWorker.queueLimit { kick.wake() }
            return taken
        }

        private func post(_ event: Event) {
            while true {
                let isFull = state.withLock { state in
                    guard state.queue.count < IIOWorker.queueLimit || state.isStopping else { return true }
                    state.queue.append(event)
                    return false
                }
                events.wake()
                guard isFull else { return }
                kick.wait(.milliseconds(100))
            }
        }

        private func run() {
            do throws(TapError) {
                let device = try open()
                let description = device.description
                post(.opened(description))
                try serve(device, description)
            } catch { post(.failed(error)) }
            state.withLock { $0.context = nil }
            post(.ended)
        }

        private func open() throws(TapError) -> IIODevice {
            try IIODevice.open(options, clock: clock) { context in state.withLock { $0.context = context } }
        }

        /// Until it is stopped. Throws if what came back after a break is another device.
        private func serve(_ first: IIODevice, _ description: IIODescription) throws(TapError) {
            var device: IIODevice? = first
            while !isStopping {
                if let current = device {
                    let isBroken = options.method == .polled ? pollUntilBroken(current) : readUntilBroken(current)
                    if isBroken { post(.lost(clock.now())) }
                    current.close(isBroken: isBroken)
                    device = nil
                } else {
                    kick.wait(IIOWorker.reopenEvery)
                    if isStopping { return }
                    device = try? open()
                    if let device, !device.description.isSame(as: description) {
                        device.close(isBroken: false)
                        throw IIODevice.isAnother(options)
                    }
                }
            }
            device?.close(isBroken: false)
        }

        /// - Returns: false if it was stopped.
        private func readUntilBroken(_ device: IIODevice) -> Bool {
            var asked = device.openedAt
            while !isStopping {
                var bytes: [UInt8] = []
                do throws(Errno) {
                    if try device.read(into: &bytes) {
                        post(.delivered(bytes, ScanCutter.Delivery(asked: asked, arrived: clock.now())))
                    }
                    asked = clock.now()
                } catch { return !isStopping }
            }
            return false
        }

        private func pollUntilBroken(_ device: IIODevice) -> Bool {
            let period = device.pollPeriod
            var due = clock.now()
            while !isStopping {
                let asked = clock.now()
                if asked < due {
                    kick.wait(due - asked)
                    continue
                }
                var bytes: [UInt8] = []
                do throws(Errno) { try device.poll(into: &bytes) } catch { return !isStopping }
                let arrived = clock.now()
                post(.delivered(bytes, ScanCutter.Delivery(asked: asked, arrived: arrived)))
                due = max(due + period, arrived)
            }
            return false
        }
    }

    /// A thread for calls of libiio that may block for longer than a source may.
    func iioThread(for subject: String, _ body: @escaping @Sendable () -> Void) throws(TapError) -> SystemThread {
        do throws(Errno) {
            return try SystemThread("tap-iio") {
                blockBrokenPipeSignal()
                body()
            }
        } catch {
            throw TapError(.device, subject, "the system cannot create another thread: \(error.words)", remedy: "")
        }
    }

    extension IIODevice {
        var pollPeriod: Nanoseconds { Nanoseconds(Int64(1e9 / (description.device.rate_hz ?? IIODevice.pollRate_hz))) }

        static func isAnother(_ options: IIOOptions) -> TapError {
            TapError(
                .device, options.name, "the device that came back differs from the one before",
                remedy: "start again")
        }
    }
#endif
