import Synchronization
import TapCommand
import TapConfig
import TapCore
import TapFormats
import TapSim

/// The truth about a run, each label a line, as JSON Lines. docs/scenarios.md says what stands in it.
final class TruthFile: Sendable {
    private let file: OutputFile
    private let begin: Timestamp
    private let end: Timestamp
    private let state = Mutex(State())

    private struct State {
        var text = ""
        var failure: TapError?
    }

    private static let flushAt = 1 << 16

    /// - Parameters:
    ///   - begin: a label that ends earlier is none of what is written.
    ///   - end: likewise one that begins later.
    init(_ path: String, mayReplace: Bool, from begin: Nanoseconds, until end: Nanoseconds?) throws(TapError) {
        self.begin = .zero + begin
        file = try OutputFile(path, mayReplace: mayReplace)
        self.end = end.map { .zero + $0 } ?? .distantFuture
    }

    var taker: LabelTaker { LabelTaker { [self] in take($0) } }

    /// The run has failed: a file that is there stays as it was.
    func abandon() { file.abandon() }

    private func take(_ label: Label) {
        guard label.from <= end, label.to >= begin else { return }
        state.withLock { state in
            state.text += TruthFile.text(of: label, until: end) + "\n"
            if state.text.utf8.count >= TruthFile.flushAt { flush(&state) }
        }
    }

    private func flush(_ state: inout State) {
        do throws(TapError) { if state.failure == nil { try file.write(state.text) } } catch { state.failure = error }
        state.text.removeAll(keepingCapacity: true)
    }

    /// Writes what is left. The run has ended.
    func finish() throws(TapError) {
        let failure = state.withLock { state in
            flush(&state)
            return state.failure
        }
        if let failure { throw failure }
        try file.commit()
    }

    private static func text(of label: Label, until end: Timestamp) -> String {
        JSON.object([
            ("from_ns", "\(label.from.nanoseconds)"),
            // Not over when the run ended.
            ("to_ns", label.to > end || label.to == .distantFuture ? "null" : "\(label.to.nanoseconds)"),
            ("kind", JSON.string(label.kind.rawValue)), ("name", JSON.string(label.name)),
            ("truth", JSON.string(label.truth)),
        ])
    }
}
