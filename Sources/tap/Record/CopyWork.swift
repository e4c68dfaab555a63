import Synchronization
import TapCore
import TapFormats
import TapRecord

/// A copy of a proof's chunks.
enum ProofCopy: Int, CaseIterable {
    case table, comtrade

    /// Of its files in a proof; the first is that which is converted to.
    var names: [String] {
        switch self {
        case .table: [ProofDraft.table]
        case .comtrade: ProofDraft.comtrade
        }
    }
}

/// Work on several copies, each in a thread of its own: they read the same chunks and know nothing of each other.
final class CopyWork<Made: Sendable>: Sendable {
    private let results = Mutex<[ProofCopy: Result<Made, TapError>]>([:])
    private let threads = Mutex<[SystemThread]>([])
    private let stopping = Stopping()

    private final class Stopping: Sendable {
        let isAsked = Atomic<Bool>(false)
    }

    /// Starts it.
    ///
    /// - Parameters:
    ///   - lines: that copies are of; empty: everything.
    ///   - opening: reads the chunks.
    ///   - body: makes a copy.
    init(
        _ copies: [ProofCopy], lines: [String],
        opening: @escaping @Sendable (Set<String>) throws(TapError) -> StoreReader,
        _ body: @escaping @Sendable (ProofCopy, Conversion) throws(TapError) -> Made
    ) {
        var conversion = Conversion(version: Tap.version)
        conversion.lines = lines
        conversion.reading.wanted = Set(lines)
        conversion.opening = { (_, options, _, _) throws(TapError) in try opening(options.wanted) }
        conversion.isInterrupted = { [stopping] in
            Interruption.signal != nil || stopping.isAsked.load(ordering: .relaxed)
        }
        for copy in copies {
            let work = { @Sendable [self, conversion] in
                let made: Result<Made, TapError>
                do throws(TapError) { made = .success(try body(copy, conversion)) } catch { made = .failure(error) }
                results.withLock { $0[copy] = made }
            }
            do throws(Errno) {
                let thread = try SystemThread("tap-copy", work)
                threads.withLock { $0.append(thread) }
            } catch { work() }
        }
    }

    /// Blocks until all are made. In their order.
    func wait() -> [(copy: ProofCopy, made: Result<Made, TapError>)] {
        let threads = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        for thread in threads { thread.join() }
        return results.withLock { $0 }.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key, $0.value) }
    }

    /// Ends what is not made yet, and waits for that.
    func stop() {
        stopping.isAsked.store(true, ordering: .relaxed)
        _ = wait()
    }
}
