import Glibc
import Synchronization

/// An output that is brought onto its medium again and again: a power cut then takes no more than what came since.
///
/// On a thread of its own, because a medium may take seconds and capture waits for nothing. If it fails, so does the next
/// write. Written to on one thread at a time.
public final class SyncedOutput: ByteOutput {
    private let output: any ByteOutput & Sendable
    private let state: State
    private let thread: SystemThread

    /// - Parameter interval: from one time to the next.
    /// - Throws: the system makes no more threads or pipes.
    public init(_ output: any ByteOutput & Sendable, every interval: Nanoseconds) throws(TapError) {
        let state = State()
        do throws(Errno) {
            thread = try SystemThread("tap-sync") {
                while !state.wait(interval) {
                    do throws(TapError) { try output.sync() } catch { return state.fail(error) }
                }
            }
        } catch {
            throw TapError(
                .output, output.name, "no thread could be made to sync it: \(error.words)", remedy: "leave out --sync")
        }
        self.output = output
        self.state = state
    }

    public var name: String { output.name }
    public var position: UInt64? { output.position }

    public func write(_ bytes: RawSpan) throws(OutputFailure) {
        if let failure = state.failure { throw OutputFailure(written: 0, failure) }
        try output.write(bytes)
    }

    public func cut(to position: UInt64) { output.cut(to: position) }
    public func sync() throws(TapError) { try output.sync() }

    /// A last time; then no more. Once, and before this goes.
    public func finish() throws(TapError) {
        state.stop()
        thread.join()
        if let failure = state.failure { throw failure }
        try output.sync()
    }

    /// What the two threads share.
    private final class State: Sendable {
        private let wake = WakePipe()
        private let found = Mutex<TapError?>(nil)

        var failure: TapError? { found.withLock { $0 } }
        func fail(_ error: TapError) { found.withLock { $0 = error } }
        func stop() { wake.wake() }

        /// - Returns: whether the end was asked for within that time.
        func wait(_ time: Nanoseconds) -> Bool {
            var polled = pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)
            let left = Int32(clamping: max(1, time.count / 1_000_000))
            return unsafe poll(&polled, 1, left) > 0
        }
    }
}
