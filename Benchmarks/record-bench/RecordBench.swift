import Glibc
import TapConfig
import TapCore
import TapFormats
import TapRecord

/// What the recorder of a store costs apart from everything else, on one thread and onto a real file system.
///
/// usage: record-bench SCENARIO FOLDER [--small]
///        record-bench fill STORE GIGABYTES
///
/// Leaves 2 GB in the folder. The second form only makes a store of so many gigabytes of scans, to be verified.
///
/// Edges: those of the scenario, taken once and then fed from memory. Scans: random bytes. Fails if an edge was lost.
@main
enum RecordBench {
    static func main() {
        var words = CommandLine.arguments.dropFirst()
        let isSmall = words.contains("--small")
        words.removeAll { $0 == "--small" }
        let isFill = words.count == 3 && words.first == "fill"
        let gigabytes = isFill ? words.last.flatMap { Int($0) } ?? 0 : 1
        guard isFill || words.count == 2, 1...1_000 ~= gigabytes else {
            print("usage: record-bench SCENARIO FOLDER [--small]\n       record-bench fill STORE GIGABYTES")
            exit(2)
        }
        let (first, second) = (words[words.startIndex], words[words.startIndex + 1])
        do {
            if isFill {
                _ = try ScanRun(blocks: gigabytes * 1_000_000_000 / ScanRun.block).record(second)
            } else {
                try edges(first, second, isSmall)
                try scans(second, isSmall)
            }
        } catch {
            print("\(error)")
            exit(1)
        }
    }

    private static func edges(_ scenario: String, _ folder: String, _ isSmall: Bool) throws {
        let tape = try Tape(try ScenarioFile.load(path: scenario), isSmall ? .milliseconds(100) : .seconds(10))
        let count = Double(tape.cells.count)
        var rates: [Double] = []
        var processor: [Double] = []
        var size = 0.0
        for run in 0..<(isSmall ? 1 : 7) {
            let path = "\(folder)/edges\(run)"
            var recorder = try Bench.recorder(path, tape.header)
            let (began, used) = (Bench.now, Bench.processor)
            try tape.play(into: &recorder)
            rates.append(count * 1e9 / Double((Bench.now - began).count))
            processor.append(Double((Bench.processor - used).count) / count)
            size = Double(Bench.size(path))
            guard recorder.counts.edges == UInt64(tape.cells.count) else {
                print("edges were lost: \(recorder.counts.edges) of \(tape.cells.count)")
                exit(1)
            }
        }
        print(
            "edges, encoded, hashed, committed: \(Bench.millions(Bench.median(rates))) million/s "
                + "(\(Bench.millions(rates.min()!)) to \(Bench.millions(rates.max()!))), "
                + "\(Words.digits(Bench.median(processor), 3)) ns of the processor an edge, "
                + "\(Words.digits(size / count, 3)) bytes an edge")
    }

    private static func scans(_ folder: String, _ isSmall: Bool) throws {
        let run = ScanRun(blocks: isSmall ? 240 : 1_600)
        var ratios: [Double] = []
        var times: [[Double]] = [[], [], []]
        for pair in 0..<(isSmall ? 1 : 7) {
            let recorded = try run.record("\(folder)/scans\(pair)")
            let appended = try run.append("\(folder)/append\(pair)")
            let digested = run.digest()
            ratios.append((appended + digested) / recorded)
            for (index, time) in [recorded, appended, digested].enumerated() { times[index].append(time) }
        }
        func speed(_ index: Int) -> String { "\(Bench.millions(run.bytes / Bench.median(times[index]))) MB/s" }
        print(
            "raw scans: \(speed(0)); append with the same syncs \(speed(1)), SHA-256 \(speed(2)): "
                + "\(Words.digits(Bench.median(ratios), 3)) of both together")
    }
}
