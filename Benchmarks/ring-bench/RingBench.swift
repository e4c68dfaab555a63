import Glibc

/// Measures the tap ring beside other queues. Exits with 1 for wrong data only, 2 for wrong arguments.
@main
struct RingBench {
    static let usage = """
        usage: ring-bench [--small] [--pairs N] [--case NAME]... [--cpus A,B] [--realtime] [--json FILE]
          --small     a few thousand elements: checks that the data is right, measures nothing worth quoting
          --pairs     pairs of runs for each comparison, 9 or more (default 21)
          --case      singly, copied, "in place" or "round trip" (default: all)
          --cpus      where producer and consumer are pinned (default 0,1)
          --realtime  both threads run SCHED_FIFO, so that a busy machine disturbs less; wants privileges
          --json      writes every run to FILE
        """

    static func main() {
        var isSmall = false
        var pairs: Int?
        var cases: [BenchCase] = []
        var placement = Placement()
        var file: String?
        var arguments = CommandLine.arguments.dropFirst()
        func value(of option: String) -> String {
            guard let value = arguments.popFirst() else { refuse("\(option) wants a value") }
            return value
        }
        while let argument = arguments.popFirst() {
            switch argument {
            case "--small": isSmall = true
            case "--realtime": placement.isRealtime = true
            case "--json": file = value(of: argument)
            case "--pairs":
                guard let number = Int(value(of: argument)), number >= 9 else { refuse("--pairs wants 9 or more") }
                pairs = number
            case "--case":
                guard let which = BenchCase(rawValue: value(of: argument)) else { refuse("no such case") }
                cases.append(which)
            case "--cpus":
                let numbers = value(of: argument).split(separator: ",").compactMap { Int32($0) }
                guard numbers.count == 2, numbers[0] != numbers[1] else { refuse("--cpus wants two numbers: 0,1") }
                placement.producerCPU = numbers[0]
                placement.consumerCPU = numbers[1]
            default: refuse("no such option: \(argument)")
            }
        }
        measure(
            cases.isEmpty ? BenchCase.allCases : cases, pairs: pairs ?? (isSmall ? 2 : 21), isSmall: isSmall, placement,
            file)
    }

    private static func measure(
        _ cases: [BenchCase], pairs: Int, isSmall: Bool, _ placement: Placement, _ file: String?
    ) {
        let comparisons = cases.flatMap { which in
            Contender.allCases.map {
                Comparison(which, against: $0, pairs: pairs, isSmall: isSmall, on: placement)
            }
        }
        let report = Report(
            comparisons: comparisons, cost: RigCost(pairs: pairs, isSmall: isSmall, on: placement), pairs: pairs,
            placement: placement, isSmall: isSmall)
        print(report.text)
        if let file { write(report.json, to: file) }
        if !report.isRight { exit(1) }
    }

    private static func write(_ text: String, to file: String) {
        guard let stream = unsafe fopen(file, "w") else { refuse("cannot write \(file): errno \(errno)") }
        defer { unsafe fclose(stream) }
        unsafe fputs(text, stream)
    }

    private static func refuse(_ reason: String) -> Never {
        let text = "ring-bench: \(reason)\n\(usage)\n"
        _ = unsafe Glibc.write(STDERR_FILENO, text, text.utf8.count)
        exit(2)
    }
}
