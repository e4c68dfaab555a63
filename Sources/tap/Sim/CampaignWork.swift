import Glibc
import Synchronization
import TapCommand
import TapConfig
import TapCore
import TapSim

/// The runs of a campaign on their way into its folder, on several threads.
final class CampaignWork: Sendable {
    private let campaign: Campaign
    private let folder: String
    private let runs: Range<Int>
    private let duration: Nanoseconds
    private let state: Mutex<State>

    private struct State {
        var next: Int
        var done = 0
        var failure: TapError?
        /// By `aim/variant`, of a fault by `fault/kind`.
        var counts: [String: Counts] = [:]
    }

    private struct Counts {
        var visible = 0
        var invisible = 0
    }

    init(_ campaign: Campaign, folder: String, runs: Range<Int>, duration: Nanoseconds) {
        self.campaign = campaign
        self.folder = folder
        self.runs = runs
        self.duration = duration
        state = Mutex(State(next: runs.lowerBound))
    }

    /// Blocks until all runs are there.
    func run(jobs: Int) throws(TapError) {
        try makeFolder()
        var threads: [SystemThread] = []
        for job in 1..<max(2, min(jobs, runs.count)) where jobs > 1 {
            // With fewer it only takes longer.
            guard let thread = try? SystemThread("campaign \(job)", { [self] in work(nil) }) else { break }
            threads.append(thread)
        }
        var progress = ProgressLine()
        work { progress.draw("campaign", share: $0) }
        for thread in threads { thread.join() }
        progress.end()
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    private func makeFolder() throws(TapError) {
        guard unsafe mkdir(folder, 0o755) != 0 else { return }
        let error = Errno.last
        guard error == .exists else {
            throw TapError(.output, folder, "cannot be made: \(error)", remedy: "check the path given to --out")
        }
    }

    private func work(_ report: ((Double) -> Void)?) {
        while true {
            let run = state.withLock { state -> Int? in
                guard state.failure == nil, state.next < runs.upperBound else { return nil }
                state.next += 1
                return state.next - 1
            }
            guard let run else { return }
            do throws(TapError) { try make(run) } catch {
                state.withLock { $0.failure = $0.failure ?? error }
                return
            }
            let done = state.withLock { state in
                state.done += 1
                return state.done
            }
            report?(Double(done) / Double(runs.count))
        }
    }

    /// The truth appears last and whole: a run that has it is done.
    private func make(_ run: Int) throws(TapError) {
        let path = folder + "/" + Campaign.name(of: run)
        if let lines = CampaignWork.lines(of: path + ".truth.jsonl") { return count(lines) }
        let text = campaign.text(of: run)
        let scenario: Scenario
        do throws(ConfigurationErrors) {
            scenario = try ScenarioFile.parse(text, file: path + ".yaml", plants: Plants.all)
        } catch {
            throw TapError(
                .configuration, "run \(run)", "cannot be read: \(error.mistakes[0])", remedy: "please report it")
        }
        // Before what may find a mistake in it, so that it is there to be reported.
        try OutputFile.write(text, to: path + ".yaml", mayReplace: true)
        let verdicts = Oracle(scenario, until: duration).judge { _ in Interruption.signal == nil }
        guard let verdicts else {
            throw TapError(
                .interrupted, "run \(run)", "was interrupted", remedy: "run the same command again: it goes on there")
        }
        guard verdicts.allSatisfy({ $0.differsBefore == nil }) else {
            throw TapError(
                .configuration, path + ".yaml", "differs before its attack or fault begins", remedy: "please report it")
        }
        let lines = verdicts.map(\.json)
        try OutputFile.write(lines.map { $0 + "\n" }.joined(), to: path + ".truth.jsonl", mayReplace: true)
        count(lines)
    }

    /// nil: there is no such file.
    private static func lines(of path: String) -> [String]? {
        guard let file = unsafe fopen(path, "re") else { return nil }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        while true {
            let byte = unsafe getc_unlocked(file)
            guard byte != EOF else { break }
            bytes.append(UInt8(truncatingIfNeeded: byte))
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// As `Verdict.json` writes them.
    private func count(_ lines: [String]) {
        for line in lines {
            // As `{"attack":"aim/variant",` and `{"fault":"kind",`.
            let words = line.split(separator: "\"", maxSplits: 4)
            guard words.count == 5 else { continue }
            let name = words[1] == "attack" ? String(words[3]) : "\(words[1])/\(words[3])"
            let isVisible = line.contains("\"visible\":true")
            state.withLock { state in
                state.counts[name, default: Counts()].visible += isVisible ? 1 : 0
                state.counts[name, default: Counts()].invisible += isVisible ? 0 : 1
            }
        }
    }

    /// A line for each variant, and their sum.
    var summary: String {
        let counts = state.withLock { $0.counts }
        var rows = [["what", "visible", "invisible"]]
        for name in counts.keys.sorted() {
            rows.append([name, "\(counts[name]?.visible ?? 0)", "\(counts[name]?.invisible ?? 0)"])
        }
        let sum = counts.values.reduce(into: Counts()) { sum, one in
            sum.visible += one.visible
            sum.invisible += one.invisible
        }
        rows.append(["\(counted(runs.count, "run"))", "\(sum.visible)", "\(sum.invisible)"])
        return textTable(rows, flushRight: [1, 2]).map { $0 + "\n" }.joined()
    }
}
