import Synchronization
import TapCommand
import TapConfig
import TapCore
import TapFormats
import TapSim

/// What a plant reports of a run beside its records: claims and truth, each in a file of its own, as JSON Lines.
/// docs/scenarios.md says what stands in them.
final class NoteFiles: Sendable {
    private let claims: OutputFile?
    private let truth: OutputFile?
    private let end: Timestamp
    private let state = Mutex(State())

    private struct State {
        var claims = ""
        var truth = ""
        var failure: TapError?
    }

    private static let flushAt = 1 << 16

    /// - Parameter end: claims and labels of a later time do not belong to the run.
    init(claims: String?, truth: String?, mayReplace: Bool, until end: Nanoseconds?) throws(TapError) {
        self.claims = try claims.map { path throws(TapError) in try OutputFile(path, mayReplace: mayReplace) }
        do throws(TapError) {
            self.truth = try truth.map { path throws(TapError) in try OutputFile(path, mayReplace: mayReplace) }
        } catch {
            self.claims?.withdraw()
            throw error
        }
        self.end = end.map { .zero + $0 } ?? .distantFuture
    }

    /// nil: nobody wants to know.
    var taker: NoteTaker? { claims == nil && truth == nil ? nil : NoteTaker { [self] in take($0) } }

    /// Nothing was written: files that were made for it go.
    func withdraw() {
        claims?.withdraw()
        truth?.withdraw()
    }

    func begin() {
        claims?.begin()
        truth?.begin()
    }

    private func take(_ note: PlantNote) {
        state.withLock { state in
            switch note {
            case .claim(let claim):
                guard claims != nil, claim.time <= end else { return }
                state.claims += NoteFiles.text(of: claim) + "\n"
            case .label(let label):
                guard truth != nil, label.from <= end else { return }
                state.truth += NoteFiles.text(of: label, until: end) + "\n"
            }
            if max(state.claims.utf8.count, state.truth.utf8.count) >= NoteFiles.flushAt { flush(&state) }
        }
    }

    private func flush(_ state: inout State) {
        do throws(TapError) {
            if state.failure == nil {
                try claims?.write(state.claims)
                try truth?.write(state.truth)
            }
        } catch { state.failure = error }
        state.claims.removeAll(keepingCapacity: true)
        state.truth.removeAll(keepingCapacity: true)
    }

    /// Writes what is left. The run has ended.
    func finish() throws(TapError) {
        let failure = state.withLock { state in
            flush(&state)
            return state.failure
        }
        if let failure { throw failure }
    }

    private static func text(of claim: Claim) -> String {
        var unit: String?
        let value: String
        switch claim.value {
        case .bool(let isTrue): value = isTrue ? "true" : "false"
        case .number(let number, let name):
            value = JSON.number(number)
            unit = name
        case .text(let text): value = JSON.string(text)
        }
        return JSON.object([
            ("t_ns", "\(claim.time.nanoseconds)"), ("source", JSON.string(claim.source)),
            ("tag", JSON.string(claim.tag)), ("value", value), ("unit", unit.map(JSON.string)),
        ])
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
