import Synchronization
import TapCommand
import TapConfig
import TapCore
import TapFormats
import TapSim

/// The truth about a run, each label a line, as JSON Lines. docs/scenarios.md says what stands in it.
final class TruthFile: Sendable {
    private let file: OutputFile
    private let end: Timestamp
    private let state = Mutex(State())

    private struct State {
        var text = ""
        var failure: TapError?
    }

    private static let flushAt = 1 << 16

    /// - Parameter end: a label that begins later is none of the run.
    init(_ path: String, mayReplace: Bool, until end: Nanoseconds?) throws(TapError) {
        file = try OutputFile(path, mayReplace: mayReplace)
        self.end = end.map { .zero + $0 } ?? .distantFuture
    }

    var taker: LabelTaker { LabelTaker { [self] in take($0) } }

    /// Nothing was written: a file that was made for it goes.
    func withdraw() { file.withdraw() }

    func begin() { file.begin() }

    private func take(_ label: Label) {
        guard label.from <= end else { return }
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
