import Glibc
import TapConformance
import TapCore
import TestSupport
import Testing

@testable import TapFormats

/// Claims that are read while others write them.
@Suite struct FollowedSourceTests {
    private let folder = ScratchFolder()

    private func run(_ path: String) -> HandRun {
        let tags = ["LEVEL", "RUN"].enumerated().map { number, name in
            ClaimTag(TagInfo(id: TagID(0), name: name, source: "hmi"), number == 0 ? .number : .bool)
        }
        var options = ClaimsOptions(tags)
        options.source = "hmi"
        let plan = Plan([], length: .seconds(10))
        return HandRun(Rig(FollowedSource(path, options, firstTag: 0), plan), plan)
    }

    private func append(_ name: String, _ text: String) {
        let descriptor = unsafe open(folder.file(name), O_WRONLY | O_APPEND | O_CREAT, 0o644)
        defer { close(descriptor) }
        put(text, to: descriptor)
    }

    /// The time in milliseconds since the start, the tag and the value of each claim, and gaps.
    private func said(_ run: HandRun) -> [String] {
        run.recording.records.compactMap { record in
            switch record {
            case .event(.claim(let claim)):
                let time = (claim.time - run.start).count / 1_000_000
                return switch claim.value {
                case .number(let number): "\(time) \(claim.tag.index) \(number)"
                case .bool(let isTrue): "\(time) \(claim.tag.index) \(isTrue)"
                case .text(let text): "\(time) \(claim.tag.index) \(text)"
                }
            case .event(.gap(let gap)): return "\((gap.discovered - run.start).count / 1_000_000) gap \(gap.subject)"
            default: return nil
            }
        }
    }

    @Test func `what is written behind the end of a file is claimed when it is read`() {
        let run = run(folder.write("a.jsonl", "{\"tag\":\"LEVEL\",\"value\":1}\n"))
        run.begin()
        run.go(to: .milliseconds(100))
        append("a.jsonl", "{\"tag\":\"LEVEL\",\"value\":2}\n{\"tag\":\"RUN\",")
        run.go(to: .milliseconds(200))
        append("a.jsonl", "\"value\":1}\n")
        run.go(to: .milliseconds(300))
        run.finish()
        #expect(said(run) == ["150 0 2.0", "250 1 true"])
    }

    @Test func `a line that is written when it begins is left out`() {
        let run = run(folder.write("a.jsonl", "{\"tag\":\"LEVEL\","))
        run.begin()
        append("a.jsonl", "\"value\":1}\n{\"tag\":\"LEVEL\",\"value\":2}\n")
        run.go(to: .milliseconds(100))
        run.finish()
        #expect(said(run) == ["50 0 2.0"])
    }

    @Test func `a table grows, and its source says when`() {
        let run = run(folder.write("a.csv", "time;LEVEL;RUN\n2026-03-26T12:00:00Z;1,5;0\n"))
        run.begin()
        append("a.csv", "2026-03-26T12:00:01Z;2,5;\nno time;3,5;1\n")
        run.go(to: .milliseconds(100))
        run.finish()
        #expect(
            said(run) == ["50 0 2.5", "50 gap tag(TapCore.TagID(index: 0))", "50 gap tag(TapCore.TagID(index: 1))"])
        let times = run.recording.records.compactMap { record in
            if case .event(.claim(let claim)) = record { claim.sourceTime_ns } else { nil }
        }
        #expect(times == [1_774_526_401_000_000_000])
    }

    @Test func `a file that is replaced is read from its beginning, and its tags have a gap`() {
        let run = run(folder.write("a.jsonl", "{\"tag\":\"LEVEL\",\"value\":1}\n"))
        run.begin()
        _ = folder.write("b.jsonl", "{\"tag\":\"LEVEL\",\"value\":2}\n")
        #expect(unsafe rename(folder.file("b.jsonl"), folder.file("a.jsonl")) == 0)
        run.go(to: .milliseconds(100))
        run.finish()
        #expect(
            said(run) == ["50 gap tag(TapCore.TagID(index: 0))", "50 gap tag(TapCore.TagID(index: 1))", "50 0 2.0"])
    }

    @Test func `a table that has no line yet is known by its first`() {
        let run = run(folder.write("a.csv", ""))
        run.begin()
        append("a.csv", "time,LEVEL\n")
        run.go(to: .milliseconds(60))
        append("a.csv", "2026-03-26T12:00:01Z,2\n")
        run.go(to: .milliseconds(110))
        run.finish()
        #expect(said(run) == ["100 0 2.0"])
    }

    @Test func `a FIFO is read as others write it, one after the other`() {
        let path = folder.file("fifo")
        #expect(unsafe mkfifo(path, 0o600) == 0)
        let run = run(path)
        run.begin()
        for number in 1...2 {
            let writer = unsafe open(path, O_WRONLY)
            put("{\"tag\":\"LEVEL\",\"value\":\(number)}\n", to: writer)
            run.go(to: .milliseconds(Int64(number) * 100))
            close(writer)
            run.go(to: .milliseconds(Int64(number) * 100 + 60))
        }
        run.finish()
        #expect(said(run).map { $0.suffix(5) } == ["0 1.0", "0 2.0"])
    }

    @Test func `a file that is not there is refused`() {
        let run = run(folder.file("none.jsonl"))
        run.begin()
        #expect(run.wake == .ended)
        #expect(run.rig.stage.failure.map { "\($0)" }?.contains("no such file") == true)
    }
}
