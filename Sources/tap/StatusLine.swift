import Glibc
import TapCore
import TapDriver
import TapFormats
import TapSession

/// A line on a terminal that is drawn over itself while a capture runs.
final class StatusLine {
    private var names: [String] = []
    private var provenance = ""
    private var isFixWanted = false
    private let clock = SystemClock()
    private var isShown = false
    private var text = ""
    private var lastDrawn = Timestamp.zero
    private var lastEdges: [UInt64] = []

    private static let interval = Nanoseconds.milliseconds(250)

    /// Before it is drawn.
    func begin(_ header: SessionHeader) {
        names = header.lines.map(\.name)
        provenance = header.provenance.rawValue
        isFixWanted = header.fix != nil
        lastEdges = Array(repeating: 0, count: names.count)
    }

    /// Before something else is written to the terminal.
    func clear() {
        guard isShown else { return }
        isShown = false
        put("\r\u{1B}[K")
    }

    func draw(_ progress: SessionProgress) {
        let statistics = progress.statistics
        // A person's time, whatever the session's is.
        let now = clock.now()
        guard now - lastDrawn >= StatusLine.interval else {
            if !isShown { show() }
            return
        }
        let seconds = lastDrawn == .zero ? 0 : Double((now - lastDrawn).count) / 1e9
        lastDrawn = now
        var rates: [String] = []
        for (index, line) in statistics.lines.enumerated() {
            let rate = seconds > 0 ? Double(line.edges - lastEdges[index]) / seconds : 0
            lastEdges[index] = line.edges
            let level = line.isHigh.map { $0 ? "high" : "low" } ?? "?"
            rates.append("\(names[index]) \(level) \(Words.digits(rate, 3))/s")
        }
        let scans = statistics.scans.reduce(0, +)
        let lost =
            statistics.losses.isEmpty ? "no loss detected" : "LOSSES \(statistics.losses.reduce(0) { $0 + $1.gaps })"
        var parts = [provenance, "\(statistics.edges) edges"]
        if !statistics.scans.isEmpty { parts.append("\(scans) scans") }
        parts += [lost, "ring \(Int((progress.ringFill() * 100).rounded()))%"]
        if isFixWanted {
            parts.append(
                statistics.lastFix.map { $0.isSynchronised ? "UTC synchronised" : "UTC not synchronised" }
                    ?? "UTC unknown")
        }
        parts += rates
        text = ""
        let width = StatusLine.columns - 1
        for part in parts {
            let longer = text.isEmpty ? part : text + " | " + part
            guard longer.count <= width else { break }
            text = longer
        }
        show()
    }

    private func show() {
        put("\r\(text)\u{1B}[K")
        isShown = true
    }

    private static var columns: Int {
        var size = winsize()
        guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    private func put(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
