import Glibc
import TapCore
import TestSupport
import Testing

@testable import TapFormats

@Suite struct OutputFileTests {
    private let folder = ScratchFolder()

    private func text(_ name: String) throws -> String { try contents(folder.file(name)) }

    private func contents(_ path: String) throws -> String {
        var file = try InputFile(path)
        _ = try file.need(1 << 16)
        return file.text(file.start..<file.end)
    }

    private func mode(_ path: String) -> mode_t {
        var found = stat()
        #expect(unsafe stat(path, &found) == 0)
        return found.st_mode & 0o7777
    }

    @Test(arguments: [OutputFile.Appearance.atOnce, .whenWhole])
    func `a replaced file stays until the new one is whole`(_ appears: OutputFile.Appearance) throws {
        let path = folder.write("x.txt", "precious\n")
        _ = unsafe chmod(path, 0o640)
        let file = try OutputFile(path, mayReplace: true, appears: appears)
        try file.write("new\n")
        #expect(try text("x.txt") == "precious\n")
        try file.commit()
        #expect(try text("x.txt") == "new\n")
        #expect(mode(path) == 0o640)
        #expect(folder.names == ["x.txt"])
    }

    @Test func `what is abandoned leaves the old file and no other`() throws {
        let path = folder.write("x.txt", "precious\n")
        for isAsked in [true, false] {
            let file = try OutputFile(path, mayReplace: true)
            try file.write("new\n")
            if isAsked { file.abandon() }
        }
        #expect(try text("x.txt") == "precious\n")
        #expect(folder.names == ["x.txt"])
    }

    @Test func `what a killed process has left goes with the next output`() throws {
        // Above the most that a process can be numbered.
        let gone = 1 << 23
        for name in [
            ".tap-\(gone)-0-x.txt", ".tap-\(gone)-1-x.sr.AbCdEf", ".tap-\(gone)-2-young", ".tap-\(gone)-3-held",
        ] {
            _ = folder.write(name, "half\n")
        }
        for name in [".tap-\(getpid())-99-own", ".tap-notes-1-mine", ".tap-\(gone)"] {
            _ = folder.write(name, "mine\n")
        }
        for name in folder.names where !name.hasSuffix("young") {
            var now = timespec()
            unsafe clock_gettime(CLOCK_REALTIME, &now)
            now.tv_sec -= 100
            let times = [now, now]
            #expect(unsafe utimensat(AT_FDCWD, folder.file(name), times, 0) == 0)
        }
        let held = unsafe open(folder.file(".tap-\(gone)-3-held"), O_RDONLY)
        #expect(flock(held, LOCK_EX) == 0)
        let file = try OutputFile(folder.file("x.txt"), mayReplace: false, appears: .whenWhole)
        try file.write("new\n")
        try file.commit()
        close(held)
        #expect(
            folder.names
                == [
                    ".tap-\(gone)", ".tap-\(gone)-2-young", ".tap-\(gone)-3-held", ".tap-\(getpid())-99-own",
                    ".tap-notes-1-mine", "x.txt",
                ].sorted())
    }

    @Test func `a new file stays if something stands in it`() throws {
        do {
            let file = try OutputFile(folder.file("some.txt"), mayReplace: false)
            try file.write("a line\n")
            file.abandon()
            try OutputFile(folder.file("none.txt"), mayReplace: false).abandon()
            let whole = try OutputFile(folder.file("whole.txt"), mayReplace: false, appears: .whenWhole)
            try whole.write("half a picture")
        }
        #expect(folder.names == ["some.txt"])
        #expect(try text("some.txt") == "a line\n")
    }

    @Test func `a link stays a link to the new content`() throws {
        let path = folder.write("x.txt", "old\n")
        #expect(unsafe symlink(path, folder.file("link.txt")) == 0)
        let file = try OutputFile(folder.file("link.txt"), mayReplace: true)
        try file.write("new\n")
        try file.commit()
        #expect(try text("x.txt") == "new\n")
        var found = stat()
        #expect(unsafe lstat(folder.file("link.txt"), &found) == 0 && found.st_mode & S_IFMT == S_IFLNK)
    }

    @Test func `one that was left by another process is not in the way`() throws {
        _ = folder.write(".tap-\(getpid())-0-x.txt", "left")
        let file = try OutputFile(folder.file("x.txt"), mayReplace: false, appears: .whenWhole)
        try file.write("new\n")
        try file.commit()
        #expect(try text("x.txt") == "new\n")
    }

    @Test func `an output that is the input is refused under every name`() throws {
        let path = folder.write("x.jsonl", "precious\n")
        #expect(unsafe symlink(path, folder.file("link.jsonl")) == 0)
        #expect(unsafe link(path, folder.file("hard.jsonl")) == 0)
        let twisted = "\(folder.path)/../\(folder.path.split(separator: "/").last ?? "")/x.jsonl"
        for output in [path, folder.file("link.jsonl"), folder.file("hard.jsonl"), twisted, "\(folder.path)/./x.jsonl"]
        {
            let error = #expect(throws: TapError.self) {
                try FileIdentity.check(outputs: [("--out", output)], inputs: [path])
            }
            #expect(error?.kind == .usage && error?.what == "is the input itself", "\(output)")
        }
        try FileIdentity.check(outputs: [("--out", folder.file("y.jsonl"))], inputs: [path])
    }

    @Test func `two outputs on one file are refused, also before it is there`() throws {
        let new = folder.file("new.jsonl")
        for (first, second) in [(new, new), (new, "\(folder.path)/./new.jsonl"), (nil, "-")] as [(String?, String?)] {
            let error = #expect(throws: TapError.self) {
                try FileIdentity.check(outputs: [("--out", first), ("--truth", second)], inputs: [])
            }
            #expect(error?.what == "is the file of both --out and --truth")
        }
        try FileIdentity.check(outputs: [("--out", new), ("--truth", folder.file("other.jsonl"))], inputs: [])
        // A device takes what comes.
        try FileIdentity.check(outputs: [("--out", "/dev/null"), ("--truth", "/dev/null")], inputs: ["/dev/null"])
    }

    @Test func `a conversion onto its input leaves it`() throws {
        let table = "t_ns,A\n0,0\n5,1\n"
        let path = folder.write("x.csv", table)
        #expect(unsafe link(path, folder.file("hard.vcd")) == 0)
        for output in [path, folder.file("hard.vcd")] {
            var conversion = Conversion(version: "test")
            conversion.mayReplace = true
            #expect(throws: TapError.self) { try conversion.run(path, to: output, as: .csv) }
        }
        #expect(try text("x.csv") == table)
        // The data of a COMTRADE record are its input too.
        let record = try Conversion(version: "test").run(path, to: folder.file("r.cfg"), as: .comtrade)
        #expect(record.edges == 1)
        let data = try text("r.dat")
        var conversion = Conversion(version: "test")
        conversion.mayReplace = true
        #expect(throws: TapError.self) {
            try conversion.run(folder.file("r.cfg"), to: folder.file("r.dat"), as: .csv)
        }
        #expect(try text("r.dat") == data)
    }
}
