import TapCore

/// What `Doctor` found, for people.
public struct DoctorReport: Sendable, Hashable {
    public let checks: [DoctorCheck]

    public init(_ checks: [DoctorCheck]) { self.checks = checks }

    public var isBroken: Bool { checks.contains { $0.verdict == .broken } }

    /// One line a check in three columns; below those that are not fine, why and what to do. Lines to paste stand alone
    /// and whole; everything else is at most 80 characters wide. Ends with a summary and a newline.
    public func text(isColoured: Bool) -> String {
        let names = 2 + (checks.map(\.check.count).max() ?? 0)
        var lines: [String] = []
        for check in checks {
            let verdict = check.verdict.rawValue.padded(to: 10)
            let shown = isColoured ? "\u{1B}[\(check.verdict.colour)m\(verdict)\u{1B}[0m" : verdict
            let found = wrap(printable(check.found, longest: .max), at: 80 - 10 - names)
            for (index, line) in found.enumerated() {
                let start =
                    index == 0 ? shown + check.check.padded(to: names) : String(repeating: " ", count: 10 + names)
                lines.append(start + line)
            }
            lines += DoctorReport.note("why: ", check.why)
            let parts = check.remedy.split(separator: "\n", maxSplits: 1)
            if let first = parts.first { lines += DoctorReport.note("do:  ", String(first)) }
            if parts.count > 1 {
                lines += parts[1].split(separator: "\n").map {
                    "                 \(printable(String($0), longest: .max))"
                }
            }
        }
        return (lines + ["", summary]).joined(separator: "\n") + "\n"
    }

    /// As "20 checks: 17 fine, 2 degraded, 1 broken (gpio chips)".
    public var summary: String {
        let parts = DoctorCheck.Verdict.allCases.compactMap { verdict -> String? in
            let those = checks.filter { $0.verdict == verdict }
            guard !those.isEmpty else { return nil }
            let names = verdict == .broken ? " (\(those.map(\.check).joined(separator: ", ")))" : ""
            return "\(those.count) \(verdict.rawValue)\(names)"
        }
        return "\(counted(checks.count, "check")): \(parts.joined(separator: ", "))"
    }

    private static func note(_ word: String, _ text: String) -> [String] {
        guard !text.isEmpty else { return [] }
        return wrap(printable(text, longest: .max), at: 80 - 10 - word.count).enumerated().map { index, line in
            "          " + (index == 0 ? word : String(repeating: " ", count: word.count)) + line
        }
    }
}

extension DoctorCheck.Verdict {
    /// An SGR parameter of ECMA-48.
    fileprivate var colour: Int {
        switch self {
        case .fine: 32
        case .degraded: 33
        case .broken: 31
        case .unknown: 36
        }
    }
}

/// Lines of at most `width` characters, broken at spaces; a longer word has a line of its own.
private func wrap(_ text: String, at width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
        if let last = lines.last, last.count + 1 + word.count <= width {
            lines[lines.count - 1] += " \(word)"
        } else {
            lines.append(String(word))
        }
    }
    return lines.isEmpty ? [""] : lines
}
