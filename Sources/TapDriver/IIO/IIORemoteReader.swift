#if IIO
    import TapCore

    /// Takes what a worker thread reads from a remote device. Nothing here blocks for longer than it says.
    final class IIORemoteReader: IIOReader, @unchecked Sendable {
        private let options: IIOOptions
        private let clock: any TapClock
        private let worker: IIOWorker
        private var thread: SystemThread?
        private var recorder: ScanRecorder?
        private var hasEnded = false

        init(_ options: IIOOptions, _ clock: any TapClock) {
            self.options = options
            self.clock = clock
            worker = IIOWorker(options, clock)
        }

        deinit { leave() }

        /// Being stopped, the worker has to end a read, close a buffer and put settings back: three answers at most.
        private var longestBlock: Nanoseconds { options.timeout + .milliseconds(500) }
        private var longestStart: Nanoseconds { max(.seconds(5), options.timeout * 5) }

        var stopper: Stopper? { Stopper(longestBlock: longestBlock) { [worker] in worker.stop() } }

        func start() throws(TapError) -> IIODescription {
            thread = try worker.launch()
            let end = clock.now() + longestStart
            while true {
                for event in worker.take() {
                    switch event {
                    case .opened(let description):
                        recorder = ScanRecorder(description, timeout: options.timeout, at: clock.now())
                        return description
                    case .failed(let error):
                        leave()
                        throw error
                    case .ended: hasEnded = true
                    case .delivered, .lost: break
                    }
                }
                let now = clock.now()
                if worker.isStopping || now >= end {
                    leave()
                    let seconds = Double((options.timeout * 5).count) / 1e9
                    throw TapError(
                        .device, options.context,
                        worker.isStopping && now < end
                            ? "stopped before it answered" : "no answer within \(max(5, seconds)) s",
                        remedy: "check that iiod runs there")
                }
                worker.events.wait(end - now)
            }
        }

        func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
            let failure = drain(into: &writer)
            if let failure { throw failure }
            recorder?.tick(at: clock.now(), into: &writer)
            return hasEnded ? .ended : .readable(worker.events.descriptor, orAt: now + iioTick)
        }

        func stop(into writer: inout RecordWriter) {
            worker.stop()
            let end = clock.now() + longestBlock
            var now = clock.now()
            while !hasEnded, now < end {
                worker.events.wait(end - now)
                _ = drain(into: &writer)
                now = clock.now()
            }
            leave()
        }

        private func drain(into writer: inout RecordWriter) -> TapError? {
            var failure: TapError?
            for event in worker.take() {
                switch event {
                case .opened: break
                case .failed(let error): failure = error
                case .delivered(let bytes, let delivery): recorder?.delivered(bytes, delivery, into: &writer)
                case .lost(let time): recorder?.lost(at: time, into: &writer)
                case .ended: hasEnded = true
                }
            }
            return failure
        }

        /// Joins the thread if it has ended; one that hangs in libiio ends on its own later and touches nothing here.
        private func leave() {
            worker.stop()
            guard let thread else { return }
            if hasEnded { thread.join() } else { thread.leave() }
            self.thread = nil
        }
    }
#endif
