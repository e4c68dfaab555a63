public import TapCore
import TapFormats

/// What a loop found, for people and for CI.
public struct LoopReport {
    private let result: LoopResult
    private let profile: Profile
    private let title: String

    public init(_ result: LoopResult, _ profile: Profile, title: String) {
        self.result = result
        self.profile = profile
        self.title = title
    }

    /// For people. Ends with a newline.
    public var text: String {
        let model = profile.model.isEmpty ? "an unnamed machine" : profile.model
        var lines = [
            "Loop of board \(profile.bench) (\(title)): \(profile.provenance.rawValue) lines",
            "  \(Words.utc(profile.utc)), tap \(profile.version), libgpiod \(profile.libgpiod)",
            "  \(model), \(profile.architecture), kernel \(profile.kernel) \(profile.kernelBuild)",
            "  \(result.changes) changes were driven and compared with the captured edges one by one", "",
        ]
        lines += table + [""]
        for line in result.lines {
            for check in line.checks {
                let verdict = check.verdict.word.padded(to: 8)
                lines.append("\(verdict)\(line.name) \(check.name): \(check.found)")
            }
        }
        let spreads = [
            ("from write to timestamp", result.latency), ("timestamp after its write", result.stampError),
            ("a write", result.writes), ("from timestamp to ring", result.ringDelays),
        ]
        let rows = spreads.map { name, spread in
            [name, "\(spread.count)"]
                + [0.5, 0.999, 1].map { share in spread.quantile(share).map { Words.span($0) } ?? "-" }
        }
        lines += [""] + LoopReport.columns([["time", "count", "median", "99.9%", "longest"]] + rows)
        return (lines + ["", summary]).map { $0 + "\n" }.joined()
    }

    /// As "8 checks of 2 lines: 7 passed, 1 failed".
    public var summary: String {
        let parts = [LoopResult.Check.Verdict.passed, .failed, .skipped].compactMap { verdict -> String? in
            let count = result.checks.count { $0.verdict == verdict }
            return count > 0 ? "\(count) \(verdict.word)" : nil
        }
        let (checks, lines) = (result.checks.count, result.lines.count)
        return
            "\(checks) checks of \(counted(lines, "line")): \(parts.joined(separator: ", "))"
    }

    private var table: [String] {
        let rows = result.lines.map { line in
            [
                line.name, line.shortestPulse.map { Words.span($0) } ?? "-",
                line.longestLost.map { Words.span($0) } ?? "-", line.losslessRate_hz.map { "\($0)/s" } ?? "-",
                "\(line.crosstalk)",
            ]
        }
        return LoopReport.columns(
            [["line", "shortest pulse", "longest missed", "lossless rate", "crosstalk"]] + rows)
    }

    private static func columns(_ rows: [[String]]) -> [String] {
        textTable(rows, flushRight: Set(1..<rows[0].count)).map { "  \($0)" }
    }

    /// JUnit XML, one test case a check: the form of the Jenkins xunit plugin's schema. Ends with a newline.
    public var junit: String {
        let suite = """
            <testsuite name="\(xmlText("tap-bench loop \(profile.bench)"))" \(counts) \
            timestamp="\(Words.utc(profile.utc).prefix(19))" hostname="\(xmlText(profile.model))">
            """
        var text =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"tap-bench loop\" \(counts)>\n\(suite)\n"
        for line in result.lines {
            for check in line.checks {
                let head =
                    "<testcase classname=\"\(xmlText("\(profile.bench).\(line.name)"))\" name=\"\(check.name)\" time=\"\(LoopReport.seconds(check.took))\">"
                let found = xmlText(check.found)
                let body =
                    switch check.verdict {
                    case .passed: "<system-out>\(found)</system-out>"
                    case .failed: "<failure message=\"\(found)\" type=\"\(check.name)\"/>"
                    case .skipped: "<skipped message=\"\(found)\"/>"
                    }
                text += "  \(head)\(body)</testcase>\n"
            }
        }
        return text + "</testsuite>\n</testsuites>\n"
    }

    private var counts: String {
        let failed = result.checks.count { $0.verdict == .failed }
        let skipped = result.checks.count { $0.verdict == .skipped }
        let took = result.checks.reduce(Nanoseconds.zero) { $0 + $1.took }
        return
            "tests=\"\(result.checks.count)\" failures=\"\(failed)\" errors=\"0\" skipped=\"\(skipped)\" time=\"\(LoopReport.seconds(took))\""
    }

    /// With three decimals.
    private static func seconds(_ span: Nanoseconds) -> String {
        let milliseconds = max(0, span.count) / 1_000_000
        let rest = String(milliseconds % 1_000)
        return "\(milliseconds / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }
}

extension LoopResult.Check.Verdict {
    fileprivate var word: String {
        switch self {
        case .passed: "passed"
        case .failed: "failed"
        case .skipped: "skipped"
        }
    }
}
