import TapCore
import TestSupport
import Testing

@testable import TapFormats

/// Files that are nearly right, thousands of them: each is a capture or one clear mistake.
@Suite struct ReaderFuzzTests {
    static let dump = """
        $date 2026-01-02T03:04:05.000000006Z $end
        $timescale 100 ps $end
        $scope module tap $end
        $var wire 1 ! A $end
        $var wire 3 " bus $end
        $var real 64 #! plant.level $end
        $upscope $end
        $enddefinitions $end
        #0
        $dumpvars 0! bx "
        r1.5 #!
        $end
        #10 1! b101 "
        $comment gap of something $end
        #25
        0! r-2.25e-3 #!
        x!
        #400 1!

        """
    static let table = """
        t_us,A,B,plant.level [V]
        0,1,0,1.5
        0.5,0,,
        1.25,1,1,-2.5e-3
        1e1,1,0,nan

        """
    static let comtrade = """
        station,device,2013
        4,2A,2D
        1,IA,A,,A,0.5,-2,0,-32767,32767,200,1,S
        2,UA,A,,V,0.25,0,0,-32767,32767,200,1,S
        1,TRIP,,,0
        2,ALARM,,,0
        50
        0
        0,4
        17/03/2024,10:20:30.123456789
        17/03/2024,10:20:30.123456789
        ASCII
        2.5
        -5h30,x
        0,3

        """
    static let samples = "1,0,100,200,0,1\n2,10,-7,99999,1,1\n3,10,5,6,1,0\n4,4000000,1e3,-1,0,0\n"
    static let rounds = 1_000
    private static let special = Array("{}[]:,-#$!\"\\.e019xbr \n\r\t\0".utf8)

    /// - Parameter write: puts a mutation where it is to be read, and says where.
    private func check(_ seed: UInt64, _ good: [UInt8], _ write: ([UInt8]) -> String) throws {
        _ = try Captured(write(good))
        var dice = Dice(seed)
        var captures = 0
        for round in 0..<Self.rounds {
            var bytes = good
            for _ in 0...dice.below(3) { mutate(&bytes, &dice) }
            let path = write(bytes)
            do throws(TapError) {
                _ = try Captured(path)
                captures += 1
            } catch {
                let isTold =
                    error.subject.contains("/tap-formats-") && !error.what.isEmpty && !error.remedy.isEmpty
                    && error.description.count < 800
                    && [.configuration, .unsupported].contains(error.kind)
                    && error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 }
                #expect(isTold, "round \(round): \(error)")
            }
        }
        // Both outcomes were met: a mutation that breaks every file would test only the first check.
        #expect((1..<Self.rounds).contains(captures))
    }

    private func mutate(_ bytes: inout [UInt8], _ dice: inout Dice) {
        guard !bytes.isEmpty else { return }
        let place = dice.below(bytes.count)
        switch dice.below(7) {
        case 0: bytes[place] ^= 1 << UInt8(dice.below(8))
        case 1: bytes.removeSubrange(place...)
        case 2: bytes.insert(Self.special[dice.below(Self.special.count)], at: place)
        case 3: bytes.remove(at: place)
        case 4: bytes[place] = Self.special[dice.below(Self.special.count)]
        case 5:
            // A number far larger.
            if let digit = bytes[place...].firstIndex(where: { (48...57).contains($0) }) {
                bytes.insert(contentsOf: Array("99999999999999999999".utf8.prefix(1 + dice.below(20))), at: digit)
            }
        default:
            var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
            let line = dice.below(lines.count)
            if dice.below(2) == 0 {
                lines.remove(at: line)
            } else {
                lines.insert(lines[line], at: dice.below(lines.count))
            }
            bytes = Array(lines.joined(separator: [10]))
        }
    }

    @Test func `no dump makes the reader trap`() throws {
        let folder = ScratchFolder()
        try check(1, Array(Self.dump.utf8)) { folder.write("x.vcd", $0) }
    }

    @Test func `no table makes the reader trap`() throws {
        let folder = ScratchFolder()
        try check(2, Array(Self.table.utf8)) { folder.write("x.csv", $0) }
    }

    @Test func `no JSON Lines make the reader trap`() throws {
        let folder = ScratchFolder()
        let dump = folder.write("x.vcd", Self.dump)
        _ = try Conversion(version: "test").run(dump, to: folder.file("x.jsonl"), as: .jsonl)
        try check(3, folder.read("x.jsonl")) { folder.write("y.jsonl", $0) }
    }

    @Test func `no COMTRADE configuration makes the reader trap`() throws {
        let folder = ScratchFolder()
        _ = folder.write("x.dat", Self.samples)
        try check(4, Array(Self.comtrade.utf8)) { folder.write("x.cfg", $0) }
    }

    @Test(arguments: ["ASCII", "BINARY", "BINARY32", "FLOAT32"]) func `no COMTRADE data make the reader trap`(
        type: String
    ) throws {
        let folder = ScratchFolder()
        let path = folder.write("x.cfg", Self.comtrade.replacing("ASCII", with: type))
        var data = Array(Self.samples.utf8)
        if type != "ASCII" {
            data = []
            let bytes = type == "BINARY" ? 2 : 4
            for row in 0..<4 as Range<UInt64> {
                data.append(littleEndian: row + 1, bytes: 4)
                data.append(littleEndian: row * 10, bytes: 4)
                for value in [100, 200] as [UInt64] { data.append(littleEndian: value, bytes: bytes) }
                data.append(littleEndian: row, bytes: 2)
            }
        }
        try check(5, data) {
            _ = folder.write("x.dat", $0)
            return path
        }
    }

    @Test func `no sigrok session makes the reader trap`() throws {
        let folder = ScratchFolder()
        let dump = folder.write("x.vcd", Self.dump)
        var conversion = Conversion(version: "test")
        conversion.sampleRate_hz = 1_000_000_000
        _ = try conversion.run(dump, to: folder.file("x.sr"), as: .sigrok)
        try check(6, folder.read("x.sr")) { folder.write("y.sr", $0) }
    }

    @Test func `no sigrok metadata make the reader trap`() {
        let good = """
            [global]
            sigrok version=0.5.2

            [device 1]
            capturefile=logic-1
            total probes=3
            samplerate=12.5 MHz
            total analog=1
            probe1=A
            probe3=C
            analog4=level
            unitsize=1

            """
        var dice = Dice(7)
        var captures = 0
        for round in 0..<Self.rounds {
            var bytes = Array(good.utf8)
            for _ in 0...dice.below(3) { mutate(&bytes, &dice) }
            do throws(TapError) {
                let metadata = try SigrokMetadata(bytes, place: "x.sr: metadata")
                #expect(
                    (1...8).contains(metadata.unitSize) && metadata.probes.allSatisfy { $0.bit < metadata.unitSize * 8 }
                )
                captures += 1
            } catch { #expect(error.subject.hasPrefix("x.sr: metadata:"), "round \(round): \(error)") }
        }
        #expect((1..<Self.rounds).contains(captures))
    }
}

extension String {
    fileprivate func replacing(_ word: String, with other: String) -> String {
        var result = ""
        var rest = Substring(self)
        while !rest.isEmpty {
            if rest.hasPrefix(word) {
                result += other
                rest = rest.dropFirst(word.count)
            } else {
                result.append(rest.removeFirst())
            }
        }
        return result
    }
}
