import TapCore
import TestSupport
import Testing

@testable import TapFormats

@Suite struct CapturePlotTests {
    private let folder = ScratchFolder()

    private func picture(_ input: String, _ change: (inout Conversion) -> Void = { _ in }) throws -> String {
        var conversion = Conversion(version: "test")
        conversion.mayReplace = true
        change(&conversion)
        let output = folder.file("out.svg")
        _ = try conversion.draw(input, to: output, title: nil)
        var file = try InputFile(output)
        _ = try file.need(InputFile.capacity)
        return String(decoding: file.bytes[file.start..<file.end], as: UTF8.self)
    }

    private func table() -> String {
        folder.write("in.csv", "t_us,A,B,plant.level [V]\n0,0,1,1\n2,1,1,2\n4,0,1,3\n10,0,1,4\n")
    }

    @Test func `a capture is drawn from its beginning to its end`() throws {
        let svg = try picture(table())
        #expect(svg.contains("<title>in.csv</title>"))
        #expect(svg.contains(">A<") && svg.contains(">plant.level<"))
        // The axis ends where the capture does.
        #expect(svg.contains(">10<") && !svg.contains(">11<"))
        #expect(svg.contains("Unchanged in this span: B 1."))
        // Numbers of files are floating.
        #expect(svg.contains(">[V]<"))
    }

    @Test func `a span is drawn on the axis of the whole capture`() throws {
        let svg = try picture(table()) {
            $0.span = (.microseconds(3), .microseconds(7))
            $0.lines = ["A"]
        }
        #expect(svg.contains(">3.0<") && svg.contains(">7.0<") && !svg.contains(">2.5<") && !svg.contains(">7.5<"))
        #expect(!svg.contains("plant.level"))
    }

    @Test func `what is torn is drawn and says so`() throws {
        let svg = try picture("\(caseFolder)/break/torn.jsonl")
        #expect(svg.contains("ends within a record, in line 25"))
        #expect(svg.contains("url(#loss)"))
    }

    @Test func `nothing is drawn behind the end`() throws {
        let input = table()
        #expect(
            throws: TapError(
                .usage, "--from", "is not before the end of \(input)",
                remedy: "'tap info' shows from when to when it is")
        ) {
            try picture(input) { $0.span = (.microseconds(10), nil) }
        }
        let moment = folder.write("moment.csv", "t_us,A\n0,1\n")
        #expect(
            throws: TapError(
                .configuration, moment, "lasts no time, so there is nothing to draw",
                remedy: "'tap info' shows what it holds")
        ) {
            try picture(moment)
        }
    }
}
