import TapCore
import TestSupport
import Testing

@testable import TapFormats

@Suite struct WindowReaderTests {
    private let folder = ScratchFolder()

    private func converted(_ from: Int64, _ to: Int64?, as ending: String) throws -> Captured {
        let path = folder.write("in.csv", "t_us,A,plant.level [V]\n0,0,1\n2,1,2\n4,0,3\n6,1,4\n8,0,5\n10,0,6\n")
        var conversion = Conversion(version: "test")
        conversion.mayReplace = true
        conversion.sampleRate_hz = 1_000_000
        conversion.span = (.microseconds(from), to.map { .microseconds($0) })
        let output = folder.file("out.\(ending)")
        _ = try conversion.run(path, to: output, as: #require(CaptureFormat(name: output)))
        return try Captured(output)
    }

    @Test(arguments: ["csv", "vcd", "jsonl"])
    func `a span begins with the levels that were then`(_ ending: String) throws {
        let capture = try converted(3, 8, as: ending)
        // A dump counts from its beginning.
        let zero: UInt64 = ending == "vcd" ? 3_000 : 0
        #expect(
            capture.records.filter { $0.contains("A") } == [
                "\(3_000 - zero) A is high (\(ending == "jsonl" ? "resumed" : "first"))", "\(4_000 - zero) A falls",
                "\(6_000 - zero) A rises",
                "\(8_000 - zero) A falls",
            ])
        #expect(capture.end == 8_000 - zero)
    }

    @Test func `a span without an end goes to the end of the capture`() throws {
        let capture = try converted(7, nil, as: "jsonl")
        #expect(capture.records.filter { $0.contains("A") } == ["7000 A is high (resumed)", "8000 A falls"])
    }

    @Test func `a span in which nothing happens has its levels`() throws {
        let path = folder.write("in.csv", "t_us,A\n0,0\n2,1\n90,0\n")
        let reader = try CaptureFormat.open(path, from: .microseconds(10), to: .microseconds(20))
        let capture = try Captured(reader)
        #expect(capture.records == ["10000 A is high (resumed)"])
        #expect(capture.end == 20_000)
    }
}
