import Synchronization
import TapCore
import TapSim

/// The last scan that a device has taken: what its `raw` attributes say. One for all clients; safe from any thread.
final class IIODPresent: Sendable {
    private struct State {
        var reader: any ScanReader
        var raw: [UInt8] = []
    }

    private let state: Mutex<State>
    private let bytesPerScan: Int
    private let period: Nanoseconds

    init(_ provider: any ScanProvider, device: Int, period: Nanoseconds) {
        state = Mutex(State(reader: provider.makeReader(of: device)))
        bytesPerScan = provider.devices[device].bytesPerScan
        self.period = period
    }

    /// The raw bytes of the last scan until `now`, empty if there was none; nil: it is a long way to there from where
    /// somebody asked last, so ask again.
    func scan(at now: Timestamp) -> [UInt8]? {
        state.withLock { state in
            // Up to the one before the last.
            if now - .zero >= period, !state.reader.pass(until: now - period, period) { return nil }
            var scans = Scans()
            state.reader.read(.max, until: now, into: &scans)
            if !scans.raw.isEmpty { state.raw = Array(scans.raw.suffix(bytesPerScan)) }
            return state.raw
        }
    }
}
