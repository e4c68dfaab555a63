import Synchronization
import TapCommand
import TapConfig
import TapCore
import TapFormats
import TapSim

/// The truth about a run as JSON Lines: a line for each label and each claim. docs/scenarios.md says what stands in it.
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
    ///   - begin: a label that ends earlier is none of what is written, nor is a claim that was made earlier.
    ///   - end: likewise what begins or is made later.
    init(_ path: String, mayReplace: Bool, from begin: Nanoseconds, until end: Nanoseconds?) throws(TapError) {
        self.begin = .zero + begin
        file = try OutputFile(path, mayReplace: mayReplace)
        self.end = end.map { .zero + $0 } ?? .distantFuture
    }

    var taker: TruthTaker { TruthTaker { [self] in take($0) } }

    /// The run has failed: a file that is there stays as it was.
    func abandon() { file.abandon() }

    private func take(_ truth: Truth) {
        let text: String
        switch truth {
        case .label(let label):
            guard label.from <= end, label.to >= begin else { return }
            text = TruthFile.text(of: label, until: end)
        case .claim(let claim):
            guard claim.claimed <= end, claim.claimed >= begin else { return }
            text = TruthFile.text(of: claim)
        }
        state.withLock { state in
            state.text += text + "\n"
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

    private static func text(of claim: ClaimTruth) -> String {
        let arrived = claim.arrived
        return JSON.object([
            ("claimed_ns", "\(claim.claimed.nanoseconds)"),
            ("t_ns", arrived.map { "\($0.nanoseconds)" } ?? "null"), ("kind", JSON.string("claim")),
            ("source", JSON.string(claim.tag.source)), ("tag", JSON.string(claim.tag.name)),
            ("value", JSON.value(claim.value)), ("truth", claim.truth.map { JSON.value($0) } ?? "null"),
            ("unit", claim.tag.unit.isEmpty ? nil : JSON.string(claim.tag.unit)),
            ("delay_ns", arrived.map { "\(($0 - claim.claimed).count)" }),
            ("lost", arrived == nil ? "true" : nil), ("stale", claim.isStale ? "true" : nil),
            ("duplicate", claim.isDuplicate ? "true" : nil),
        ])
    }
}
