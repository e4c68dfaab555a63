import Glibc
import TapCore
import TestSupport
import Testing

@testable import TapFormats

@Suite struct InputPlaceTests {
    private let folder = ScratchFolder()

    @Test(arguments: ["csv", "vcd", "jsonl", "sr"])
    func `a FIFO is read whole`(_ ending: String) throws {
        let table = "t_ns,A\n" + (0..<20_000).map { "\($0 * 1000),\($0 % 2)\n" }.joined()
        let csv = folder.write("in.csv", table)
        var conversion = Conversion(version: "test")
        conversion.sampleRate_hz = 1_000_000
        let whole = folder.file("whole.\(ending)")
        _ = try conversion.run(csv, to: whole, as: #require(CaptureFormat(name: whole)))
        let wanted = try Captured(whole)
        #expect(wanted.records.count == 20_000)

        let pipe = folder.file("pipe.\(ending)")
        #expect(unsafe mkfifo(pipe, 0o600) == 0)
        let child = copy(whole, into: pipe)
        let found = try Captured(pipe)
        var status: Int32 = 0
        #expect(unsafe waitpid(child, &status, 0) == child && status == 0)
        #expect(found.records == wanted.records)
        #expect(found.end == wanted.end)
    }

    /// A process that writes a file into a FIFO.
    private func copy(_ path: String, into pipe: String) -> pid_t {
        var child: pid_t = 0
        let words = ["sh", "-c", "exec cat '\(path)' >'\(pipe)'"]
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { unsafe arguments.forEach { unsafe free($0) } }
        #expect(unsafe posix_spawn(&child, "/bin/sh", nil, nil, &arguments, environ) == 0)
        return child
    }

    @Test func `text for people is known and refused`() throws {
        for (name, text, what) in [
            (
                "x.txt", "# tap 0.1.0, simulated signals, board b\n# times are seconds of simulated time, exact\n",
                "tap's text for people"
            ),
            (
                "x.vcd",
                "# tap 0.1.0, simulated signals, board b\n     0.1  A  high  (first level, read within 0 ns)\n",
                "tap's text for people"
            ),
            ("x.hash", "0123  5 edges, 0 scans, 1 other records\n", "tap's digest of a capture"),
        ] {
            let error = #expect(throws: TapError.self) { _ = try CaptureFormat.kind(of: folder.write(name, text)) }
            #expect(error?.what == "is \(what), which cannot be read back")
        }
    }
}
