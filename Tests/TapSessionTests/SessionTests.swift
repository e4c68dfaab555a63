import TapConfig
import TapCore
import TapSession
import Testing

@Suite(.timeLimit(.minutes(1))) struct SessionTests {
    @Test func `a plan becomes a header, records and a result`() throws {
        let consumer = digest()
        let result = try SessionPlan.waves(.max).run([consumer])
        #expect(result.header.version == "1")
        #expect(result.header.wires == "scenario waves, seed 3")
        #expect(result.header.lines.map(\.name) == ["A", "B"])
        #expect(result.lasted == .seconds(2))
        #expect(result.sources.map(\.failure) == [nil])
        #expect(result.consumers.map(\.name) == ["digest"])
        #expect(result.consumers.map(\.failure) == [nil])
        let statistics = try #require(result.consumers[0].statistics)
        #expect(statistics.edges == result.sources[0].edges)
        #expect(statistics.scans == [2_001])
        #expect(consumer.withSink { UInt64($0.edges) } == statistics.edges)
        #expect(consumer.withSink { $0.isFinished })
    }

    @Test func `what comes before the beginning that was asked for is neither passed on nor counted`() throws {
        let consumer = digest()
        let result = try SessionPlan.waves(.max, from: .milliseconds(1_500)).run([consumer])
        let statistics = try #require(result.consumers[0].statistics)
        // 1.5 to 2 s: B changes each half millisecond, the converter scans each millisecond.
        #expect(statistics.lines[1].edges == 1_001)
        #expect(statistics.scans == [501])
        #expect(consumer.withSink { UInt64($0.edges) } == statistics.edges)
        #expect(consumer.withSink { $0.scans } == 501)
        #expect(consumer.withSink { $0.isFinished })

        let few = digest()
        _ = try SessionPlan.waves(.max, from: .milliseconds(1_500), count: 7).run([few])
        #expect(few.withSink { $0.edges + $0.scans } == 7)
    }

    @Test func `the digest is the same with one and with three consumers, in virtual time and on threads`() throws {
        let alone = digest()
        _ = try SessionPlan.waves(.max).run([alone])
        let wanted = alone.withSink { $0.hash }
        for speed in [Speed.max, .times(20)] {
            let three = ["a", "b", "c"].map { digest($0) }
            let result = try SessionPlan.waves(speed).run(three)
            #expect(three.map { $0.withSink { $0.hash } } == [wanted, wanted, wanted])
            #expect(result.consumers.map { $0.statistics?.losses.isEmpty } == [true, true, true])
        }
    }

    @Test(arguments: [Speed.max, .times(20)])
    func `a consumer that fails is in the result, and the others have everything`(_ speed: Speed) throws {
        let alone = digest()
        _ = try SessionPlan.waves(.max).run([alone])
        let (bad, good) = (digest("bad", failsAt: 3), digest("good"))
        let result = try SessionPlan.waves(speed).run([bad, good])
        #expect(result.consumers.map(\.failure) == [Digest.error, nil])
        #expect(good.withSink { $0.hash } == alone.withSink { $0.hash })
        #expect(result.lasted == .seconds(2))
    }

    @Test func `an essential consumer that fails ends the session, and the others end whole`() throws {
        let (bad, good) = (digest("bad", isEssential: true, failsAt: 3), digest("good"))
        let result = try SessionPlan.waves(.max, for: .seconds(1_000)).run([bad, good])
        #expect(result.consumers.map(\.failure) == [Digest.error, nil])
        #expect(good.withSink { $0.isFinished })
        #expect(good.withSink { $0.scans } < 2_000)
    }

    @Test func `a session without a consumer left ends`() throws {
        let plan = try SessionPlan.waves(.times(1), for: nil)
        let result = try plan.run([digest("a", failsAt: 2), digest("b", failsAt: 4)])
        #expect(result.consumers.map(\.failure) == [Digest.error, Digest.error])
    }

    @Test(arguments: [Speed.max, .times(20)])
    func `every merged consumer gets as many records as the limit says`(_ speed: Speed) throws {
        let consumers = ["a", "b"].map { digest($0) }
        let result = try SessionPlan.waves(speed, for: nil, count: 1_234).run(consumers)
        for (consumer, report) in zip(consumers, result.consumers) {
            #expect(consumer.withSink { $0.edges + $0.scans } == 1_234)
            #expect(report.statistics.map { $0.edges + $0.scans.reduce(0, +) } == 1_234)
        }
        #expect(consumers[0].withSink { $0.hash } == consumers[1].withSink { $0.hash })
    }

    @Test func `a raw consumer beside a merged one gets every record of the source`() throws {
        let merged = digest("merged")
        let raw = RawConsumer("raw") { header in
            #expect(header.lines.count == 2)
            return Digest()
        }
        let result = try SessionPlan.waves(.max).run([merged, raw])
        #expect(raw.withSink { $0.edges } == merged.withSink { $0.edges })
        #expect(raw.withSink { $0.scans } == merged.withSink { $0.scans })
        #expect(raw.withSink { $0.sources } == [0])
        #expect(raw.withSink { $0.isFinished })
        #expect(result.consumers.map { $0.statistics == nil } == [false, true])
    }

    @Test func `what is stopped before it runs ends at once, whole`() throws {
        let plan = try SessionPlan.waves(.times(1), for: nil)
        plan.stopper.stop()
        let consumer = digest()
        _ = try plan.run([consumer])
        #expect(consumer.withSink { $0.isFinished })
    }

    @Test func `what is not on the board is refused before anything is opened`() throws {
        let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        let board = try BoardFile.load(path: root + "/boards/raspberry-pi-4b.yaml")
        let error = #expect(throws: TapError.self) {
            try SessionPlan(board, lines: ["GPIO99"], channels: [], options: SessionOptions(version: "1"))
        }
        #expect(error?.kind == .notFound)
        #expect(error?.subject == "line 'GPIO99'")
    }
}
