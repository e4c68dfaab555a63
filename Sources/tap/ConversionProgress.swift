import Synchronization
import TapCommand
import TapCore
import TapFormats

/// What `tap convert` and `tap plot` show of themselves: a line on a terminal, and the size of what will take long.
final class ConversionProgress: Sendable {
    private let output: String
    private let how: String
    private let state: Mutex<State>

    private struct State {
        var line = ProgressLine()
        var step: Conversion.Progress.Step?
    }

    /// Bytes of samples that take more than a moment.
    private static let large: UInt64 = 1_000_000_000

    /// - Parameter how: packing is stopped.
    init(_ output: String, how: String = "Ctrl-C stops") {
        self.output = printable(output)
        self.how = how
        state = Mutex(State())
    }

    func show(_ progress: Conversion.Progress) {
        state.withLock { state in
            let isNew = state.step != progress.step
            if isNew {
                state.line.end()
                state.line = ProgressLine()
                state.step = progress.step
            }
            switch progress.step {
            case .reading: state.line.draw("reading", share: progress.share)
            case .drawing: state.line.draw("drawing", share: progress.share)
            case .packing(let bytes):
                if isNew, bytes >= ConversionProgress.large {
                    ExitStatus.say(
                        "\(output): \(Words.bytes(bytes)) of samples before they are compressed; \(how)")
                }
                state.line.draw(
                    "packing", share: progress.share, done: Double(bytes) * (progress.share ?? 0), unit: .bytes)
            }
        }
    }

    func end() { state.withLock { $0.line.end() } }
}
