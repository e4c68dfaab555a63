import Glibc
import TapCore
import TapDriver
import TapFormats
import TapSession

/// A line on a terminal that is drawn over itself while a session runs: how long or how far, what came, losses, and the
/// latest values, as many as fit.
final class StatusLine {
    private var header: SessionHeader?
    private let clock = SystemClock()
    private let began: Timestamp
    /// Of virtual time, which takes no more than it needs; nil: real time, or it has no end.
    private let length: Nanoseconds?
    private var isShown = false
    private var text = ""
    private var lastDrawn = Timestamp.zero
    private var lastEdges: [UInt64] = []
    /// Of each device, in the order of its samples.
    private var values: [[Double]] = []

    private static let interval = Nanoseconds.milliseconds(250)
    /// Columns below which words are short.
    private static let narrow = 60

    /// - Parameter length: of a session whose time is virtual.
    init(length: Nanoseconds?) {
        self.length = length
        began = clock.now()
    }

    /// Before it is drawn.
    func begin(_ header: SessionHeader) {
        self.header = header
        lastEdges = header.lines.map { _ in 0 }
        values = header.devices.map { _ in [] }
    }

    /// Before something else is written to the terminal.
    func clear() {
        guard isShown else { return }
        isShown = false
        put("\r\u{1B}[K")
    }

    /// The last of them is what is shown.
    func take(_ block: ScanBlock, _ raw: RawSpan) {
        guard block.count > 0, let header, let place = header.devices.firstIndex(where: { $0.id == block.device })
        else { return }
        values[place] = header.devices[place].samples.map { $0.value(in: block, scan: block.count - 1, raw: raw) }
    }

    func draw(_ progress: SessionProgress) {
        // A person's time, whatever the session's is.
        let now = clock.now()
        guard now - lastDrawn >= StatusLine.interval else {
            if !isShown, !text.isEmpty { show() }
            return
        }
        guard let header else { return }
        let seconds = lastDrawn == .zero ? 0 : Double((now - lastDrawn).count) / 1e9
        lastDrawn = now
        let width = StatusLine.columns - 1
        let isNarrow = width < StatusLine.narrow
        let statistics = progress.statistics
        var parts = times(header, progress, elapsed: now - began)
        parts.append("\(statistics.edges) edges")
        if !isNarrow, !statistics.scans.isEmpty { parts.append("\(statistics.scans.reduce(0, +)) scans") }
        let losses = statistics.losses.reduce(0) { $0 + $1.gaps }
        parts.append(losses > 0 ? "LOSSES \(losses)" : isNarrow ? "losses 0" : "no loss detected")
        if !isNarrow { parts.append("ring \(Int((progress.ringFill() * 100).rounded()))%") }
        parts += latest(header, statistics, seconds, isNarrow)
        parts += state(header, statistics)
        text = StatusLine.joined(parts, isNarrow ? "  " : " | ", width)
        show()
    }

    /// What fits, in order; what does not is left out.
    private static func joined(_ parts: [String], _ separator: String, _ width: Int) -> String {
        var text = ""
        for part in parts {
            let longer = text.isEmpty ? part : text + separator + part
            if longer.count <= width { text = longer }
        }
        return text
    }

    private func times(_ header: SessionHeader, _ progress: SessionProgress, elapsed: Nanoseconds) -> [String] {
        let seconds = Double(elapsed.count) / 1e9
        guard let length, length > .zero, seconds > 0 else { return [ProgressLine.clockText(Int(seconds))] }
        let done = Double((progress.now - header.origin).count)
        let share = min(1, max(0, done / Double(length.count)))
        let left =
            share > 0 && seconds >= 1 ? ["\(ProgressLine.clockText(Int(seconds / share * (1 - share)))) left"] : []
        return ["\(Int(share * 100))%"] + left + ["\(Words.digits(done / 1e9 / seconds, 2))x"]
    }

    private func latest(
        _ header: SessionHeader, _ statistics: CaptureStatistics, _ seconds: Double, _ isNarrow: Bool
    ) -> [String] {
        var parts: [String] = []
        for (index, line) in statistics.lines.enumerated() {
            let rate = seconds > 0 ? Double(line.edges - lastEdges[index]) / seconds : 0
            lastEdges[index] = line.edges
            let level = line.isHigh.map { $0 ? "high" : "low" } ?? "?"
            let name = printable(header.lines[index].name)
            parts.append("\(name) \(level)" + (isNarrow ? "" : " \(Words.digits(rate, 3))/s"))
        }
        for (device, values) in zip(header.devices, values) {
            for (sample, value) in zip(device.samples, values) {
                parts.append(
                    "\(printable(sample.channel.name)) \(Words.digits(value, 4)) \(printable(sample.channel.unit))")
            }
        }
        return parts
    }

    private func state(_ header: SessionHeader, _ statistics: CaptureStatistics) -> [String] {
        let provenance = header.provenance.rawValue
        guard header.fix != nil else { return [provenance] }
        let fix = statistics.lastFix.map { $0.isSynchronised ? "UTC synchronised" : "UTC not synchronised" }
        return [provenance, fix ?? "UTC unknown"]
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
