import Synchronization
import TapCore
import TestSupport
import Testing

@testable import TapFormats

@Suite struct ConversionTests {
    private let folder = ScratchFolder()

    /// Converts text of one format and gives what is read from the result.
    private func captured(
        _ text: String, from: String, to ending: String, _ change: (inout Conversion) -> Void = { _ in }
    ) throws -> (capture: Captured, remarks: [String]) {
        let input = folder.write("in.\(from)", text)
        let output = folder.file("out.\(ending)")
        var conversion = Conversion(version: "test")
        conversion.mayReplace = true
        change(&conversion)
        let outcome = try conversion.run(input, to: output, as: #require(CaptureFormat(name: output)))
        return (try Captured(output), outcome.remarks)
    }

    private static let mixed = """
        t_us,A,B,plant.level [V],plant.flow [l/s]
        0,0,1,1.5,8
        1,1,1,,
        3,1,0,2.25,7
        4,0,1,2.25,7
        9,0,1,,

        """

    @Test func `lines and channels of a session come in order of time`() throws {
        let (capture, remarks) = try captured(Self.mixed, from: "csv", to: "sr") { $0.sampleRate_hz = 1_000_000 }
        #expect(capture.lines == ["A", "B"])
        #expect(capture.channels == ["plant.level ", "plant.flow "])
        #expect(
            capture.records == [
                "0 A is low (first)", "0 B is high (first)", "0 plant 1.5 8.0", "1000 A rises", "1000 plant 1.5 8.0",
                "2000 plant 1.5 8.0", "3000 B falls", "3000 plant 2.25 7.0", "4000 A falls", "4000 B rises",
                "4000 plant 2.25 7.0", "5000 plant 2.25 7.0", "6000 plant 2.25 7.0", "7000 plant 2.25 7.0",
                "8000 plant 2.25 7.0",
            ])
        #expect(capture.end == 9_000)
        #expect(remarks == ["samples repeated up to the rate of the file: 12"])
    }

    @Test(arguments: ["vcd", "csv", "jsonl"]) func `a table keeps what it says`(ending: String) throws {
        let (capture, remarks) = try captured(Self.mixed, from: "csv", to: ending)
        #expect(
            capture.records == [
                "0 A is low (first)", "0 B is high (first)", "0 plant 1.5 8.0", "1000 A rises", "3000 B falls",
                "3000 plant 2.25 7.0", "4000 A falls", "4000 B rises", "4000 plant 2.25 7.0",
            ])
        #expect(capture.end == 9_000)
        #expect(remarks == [])
    }

    @Test(arguments: ["ascii", "float32"]) func `COMTRADE keeps what a table says`(data: String) throws {
        let (capture, remarks) = try captured(Self.mixed, from: "csv", to: "cfg") {
            $0.comtrade.data = ComtradeOptions.Data(rawValue: data)
        }
        #expect(capture == (try Captured(folder.file("in.csv"))))
        #expect(remarks == [])
    }

    @Test func `the first sample of a session need not be time zero of a table`() throws {
        let (capture, _) = try captured("t_ns,A\n5000,0\n7000,1\n8000,1\n", from: "csv", to: "csv")
        #expect(capture.records == ["5000 A is low (first)", "7000 A rises"])
        #expect(capture.end == 8_000)
    }

    @Test func `what is not known stays unknown`() throws {
        let table = "t_ns,A\n0,\n5,1\n7,\n9,1\n9,0\n"
        let expected = ["5 A is high (first)", "7 A not-recorded", "9 A is high (resumed)", "9 A falls"]
        for ending in ["csv", "vcd", "jsonl"] {
            #expect(try captured(table, from: "csv", to: ending).capture.records == expected)
        }
        let (capture, remarks) = try captured(table, from: "csv", to: "cfg")
        #expect(capture.records == ["5 A is high (first)", "9 A falls"])
        #expect(
            remarks == [
                "losses that COMTRADE cannot hold: 1",
                "unknown levels are written as the last known one, or 0: COMTRADE cannot hold them",
            ])
    }

    @Test func `readings of a level are kept by JSON Lines alone`() throws {
        let capture = """
            {"format":1,"origin_ns":0,"sources":[{"lines":[{"name":"A"}]}]}
            {"t_ns":9,"line":"A","reread":2,"failed":1,"last_level":null,"from_ns":3,"to_ns":7}
            {"t_ns":20,"line":"A","reread":1,"failed":0,"last_level":1,"from_ns":15,"to_ns":15}
            {"t_ns":30,"end":true}

            """
        let (again, remarks) = try captured(capture, from: "jsonl", to: "jsonl")
        #expect(again.records == ["9 A read 2, failed 1", "20 A read 1, failed 0"])
        #expect(remarks.isEmpty)
        #expect(
            String(decoding: folder.read("out.jsonl"), as: UTF8.self).hasSuffix(
                capture.split(separator: "\n", maxSplits: 1)[1]))
        #expect(try captured(capture, from: "jsonl", to: "csv").0.records == [])
    }

    @Test func `claims and notes are kept by JSON Lines, and counted where they cannot be`() throws {
        let capture = """
            {"format":1,"origin_ns":0,"sources":[{"lines":[{"name":"A"}],"tags":[{"source":"hmi","tag":"LEVEL","unit":"m"},\
            {"source":"plc","tag":"LEVEL"}]}]}
            {"t_ns":5,"source":"hmi","tag":"LEVEL","claim":3.5,"quality":"good"}
            {"t_ns":6,"source":"plc","tag":"LEVEL","claim":"too long","cut":true,"quality":"bad","source_utc_ns":7,"server_utc_ns":8}
            {"t_ns":7,"source":"plc","tag":"LEVEL","claim":true,"quality":"unknown"}
            {"t_ns":8,"gap":"ring-full","source":"plc","tag":"LEVEL","lost":2,"lost_is":"exact","from_ns":7,"to_ns":8}
            {"t_ns":9,"note":"valve opened by hand","by":"operator"}
            {"t_ns":12,"gap":"ring-full","of":"notes","lost":3,"lost_is":"exact","from_ns":10,"to_ns":11}
            {"t_ns":30,"end":true}

            """
        let (again, remarks) = try captured(capture, from: "jsonl", to: "jsonl")
        #expect(
            again.records == [
                "5 hmi LEVEL is said to be number(3.5) (good)",
                "6 plc LEVEL is said to be text(too long) (bad)",
                "7 plc LEVEL is said to be bool(true) (unknown)", "8 plc LEVEL ring-full",
                "9 operator notes valve opened by hand", "12 notes ring-full",
            ])
        #expect(remarks.isEmpty)
        let body = capture.split(separator: "\n", maxSplits: 1)[1]
        #expect(String(decoding: folder.read("out.jsonl"), as: UTF8.self).hasSuffix(body))
        for (ending, remark) in [("vcd", "VCD"), ("cfg", "a table")] {
            #expect(
                try captured(capture, from: "jsonl", to: ending).1.first == "claims that \(remark) cannot hold: 3")
        }
        #expect(
            try captured(capture, from: "jsonl", to: "csv").1.suffix(2) == [
                "notes that a table cannot hold: 1", "losses of notes that a table cannot hold: 1",
            ])
    }

    @Test func `claims are columns of a table`() throws {
        let capture = """
            {"format":1,"origin_ns":0,"sources":[{"lines":[{"name":"A"}],"tags":[{"source":"hmi","tag":"LEVEL","unit":"m"},\
            {"source":"plc","tag":"MODE"}]}]}
            {"t_ns":5,"line":"A","edge":"rising","seq":1}
            {"t_ns":5,"source":"hmi","tag":"LEVEL","claim":3.5,"quality":"good"}
            {"t_ns":6,"source":"plc","tag":"MODE","claim":"a, \\"b\\"","quality":"bad"}
            {"t_ns":6,"source":"plc","tag":"MODE","claim":"7","quality":"bad"}
            {"t_ns":7,"source":"plc","tag":"MODE","claim":true,"quality":"unknown"}
            {"t_ns":7,"source":"hmi","tag":"LEVEL","claim":-0.25,"quality":"good"}
            {"t_ns":8,"gap":"ring-full","source":"plc","tag":"MODE","lost":2,"lost_is":"exact","from_ns":7,"to_ns":8}
            {"t_ns":9,"end":true}

            """
        let (again, remarks) = try captured(capture, from: "jsonl", to: "csv")
        #expect(
            String(decoding: folder.read("out.csv"), as: UTF8.self) == """
                t_ns,A,hmi LEVEL {m},plc MODE {}
                0,,,
                5,1,3.5,
                6,1,,"a, ""b\"""
                6,1,,"7"
                7,1,-0.25,true
                9,1,,

                """)
        #expect(
            again.records.filter { $0.contains("said") } == [
                "5 hmi LEVEL is said to be number(3.5) (unknown)",
                "6 plc MODE is said to be text(a, \"b\") (unknown)",
                "6 plc MODE is said to be text(7) (unknown)",
                "7 hmi LEVEL is said to be number(-0.25) (unknown)",
                "7 plc MODE is said to be bool(true) (unknown)",
            ])
        let tags = try CaptureFormat.open(folder.file("out.csv")).header.tags
        #expect(tags.map(\.unit) == ["m", ""])
        #expect(remarks == ["losses of claims that a table cannot hold: 1"])
    }

    @Test func `edges that share a sample are counted`() throws {
        let (capture, remarks) = try captured("t_ns,A\n0,0\n1200,1\n1400,0\n2600,1\n9000,1\n", from: "csv", to: "sr") {
            $0.sampleRate_hz = 1_000_000
        }
        #expect(capture.records == ["0 A is low (first)", "3000 A rises"])
        #expect(
            remarks == [
                "edges lost, in the same sample as another of their line: 1; a higher --rate keeps them",
                "times moved to the nearest sample: 3, by at most 400 ns",
            ])
    }

    @Test func `COMTRADE takes the largest step that divides all times`() throws {
        _ = try captured("t_ns,A\n0,0\n6000000000,1\n15000000000,0\n", from: "csv", to: "cfg")
        let configuration = String(decoding: folder.read("out.cfg"), as: UTF8.self)
        #expect(configuration.contains("\r\nBINARY\r\n3000000000\r\n"))
        #expect(folder.read("out.dat").count == 3 * 10)
        _ = try captured("t_ns,A\n0,0\n5,1\n6000000001,0\n", from: "csv", to: "cfg") { $0.comtrade.revision = .y1999 }
        #expect(String(decoding: folder.read("out.dat"), as: UTF8.self) == "1,0,0\r\n2,5,1\r\n3,6000000001,0\r\n")
        #expect(String(decoding: folder.read("out.cfg"), as: UTF8.self).hasSuffix("\r\nASCII\r\n0.001\r\n"))
        #expect(throws: TapError.self) {
            _ = try captured("t_ns,A\n0,0\n5,1\n6000000001,0\n", from: "csv", to: "cfg") { $0.comtrade.data = .binary }
        }
    }

    @Test func `a constant rate is written as one`() throws {
        let (capture, _) = try captured("t_us,U [V]\n0,1.5\n8,2.5\n16,3.5\n", from: "csv", to: "cfg")
        #expect(String(decoding: folder.read("out.cfg"), as: UTF8.self).contains("\r\n1\r\n125000,3\r\n"))
        #expect(capture.records == ["0 analog 1.5", "8000 analog 2.5", "16000 analog 3.5"])
    }

    @Test func `samples without sign are shifted into sixteen bits`() throws {
        let header = """
            {"format":1,"origin_ns":0,"sources":[{"devices":[{"name":"adc","bytes_per_scan":2,"channels":[{"name":"U",\
            "unit":"V","format":"le:u16/16>>0","byte_offset":0,"offset":-4.0,"scale":0.5}]}]}]}
            """
        func scans(_ raw: [Int]) -> String {
            raw.enumerated().map { index, sample in
                "\n{\"t_ns\":\(index),\"device\":\"adc\",\"scan\":\(index),\"raw\":[\(sample)],\"stamps\":\"exact\"}"
            }.joined()
        }
        let (capture, _) = try captured(header + scans([0, 65_534, 40_000]), from: "jsonl", to: "cfg") {
            $0.comtrade.data = .binary
        }
        #expect(capture.records == ["0 adc -2.0", "1 adc 32765.0", "2 adc 19998.0"])
        #expect(capture.channels == ["adc.U V"])
        // The whole range does not fit: one value means "missing".
        let (wide, _) = try captured(header + scans([0, 65_535]), from: "jsonl", to: "cfg")
        #expect(wide.records == ["0 adc -2.0", "1 adc 32765.5"])
        #expect(String(decoding: folder.read("out.cfg"), as: UTF8.self).contains("FLOAT32"))
    }

    @Test func `sources of different clocks are brought onto one`() throws {
        let header = """
            {"format":1,"origin_ns":1000,"sources":[{"clock":{"offset_to_monotonic_ns":900},"lines":[{"name":"A"}]},\
            {"clock":{"offset_to_monotonic_ns":0},"lines":[{"name":"B"}]}]}
            {"t_ns":200,"line":"A","edge":"rising","seq":1}
            {"t_ns":1200,"line":"B","edge":"falling","seq":1}
            {"t_ns":2000,"end":true}

            """
        let capture = try Captured(folder.write("x.jsonl", header))
        #expect(capture.records == ["1100 A rises", "1200 B falls"])
        #expect(capture.end == 2_000)
    }

    @Test func `a file that fails leaves nothing`() throws {
        let path = folder.write("in.csv", "t_ns,A\n" + (0..<50_000).map { "\($0),\($0 % 2)\n" }.joined() + "x\n")
        for ending in ["vcd", "sr", "cfg", "jsonl", "csv"] {
            var conversion = Conversion(version: "test")
            conversion.sampleRate_hz = 1_000_000_000
            let output = folder.file("out.\(ending)")
            let format = try #require(CaptureFormat(name: output))
            #expect(throws: TapError.self) { _ = try conversion.run(path, to: output, as: format) }
            conversion.isInterrupted = { true }
            let good = folder.write("good.csv", "t_ns,A\n0,0\n")
            #expect(throws: TapError.self) { _ = try conversion.run(good, to: output, as: format) }
        }
        #expect(folder.names == ["good.csv", "in.csv"])
    }

    @Test func `samples that cannot fit are refused before they are made`() throws {
        // A hundred years at 1 GHz: more than any disk holds, however well they are packed.
        let path = folder.write("long.csv", "t_s,A\n0,0\n3000000000,1\n")
        var conversion = Conversion(version: "test")
        conversion.sampleRate_hz = 1_000_000_000
        let output = folder.file("long.sr")
        let error = #expect(throws: TapError.self) { try conversion.run(path, to: output, as: .sigrok) }
        #expect(
            error?.kind == .output && error?.what.hasPrefix("3000000 TB of samples at 1 GHz take at least ") == true,
            "\(error as Any)")
        #expect(folder.names == ["long.csv"])
    }

    @Test func `packing stops when asked and says how far it is`() throws {
        let path = folder.write("day.csv", "t_s,A\n0,0\n3600,1\n")
        var conversion = Conversion(version: "test")
        conversion.sampleRate_hz = 1_000_000
        let shares = Shares()
        conversion.onProgress = { if case .packing(3_600_000_001) = $0.step { shares.add($0.share ?? -1) } }
        conversion.isInterrupted = { shares.count > 3 }
        let output = folder.file("day.sr")
        let error = #expect(throws: TapError.self) { try conversion.run(path, to: output, as: .sigrok) }
        #expect(error?.kind == .interrupted)
        #expect(shares.count == 4 || shares.count == 5)
        #expect(folder.names == ["day.csv"])
    }

    @Test func `names that two have are kept apart`() throws {
        let capture = try Captured(
            folder.write(
                "x.vcd",
                "$timescale 1 ns $end $var wire 1 ! A $end $var wire 1 \" A $end $enddefinitions $end\n#0 1! 0\" #3\n"))
        #expect(capture.lines == ["A", "A_2"])
        #expect(capture.records == ["0 A is high (first)", "0 A_2 is low (first)"])
        #expect(capture.end == 3)
    }
}

private final class Shares: Sendable {
    private let all = Mutex<[Double]>([])
    func add(_ share: Double) { all.withLock { $0.append(share) } }
    var count: Int { all.withLock { $0.count } }
}
