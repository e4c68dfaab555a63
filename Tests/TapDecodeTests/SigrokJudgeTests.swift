import Glibc
import TapCore
import TestSupport
import Testing

@testable import TapDecode

/// What the encoders write, read by sigrok's decoders.
@Suite struct SigrokJudgeTests {
    static let isHere = unsafe system("command -v sigrok-cli >/dev/null 2>&1") == 0

    /// As a Value Change Dump with a time step of 100 ns, the line at rest for 10 ms before and after.
    private func dump(_ transitions: [Transition], rest: Bool) -> String {
        var text = "$timescale 100 ns $end\n$scope module x $end\n$var wire 1 ! D $end\n$upscope $end\n"
        text += "$enddefinitions $end\n#0\n\(rest ? 1 : 0)!\n"
        for transition in transitions {
            text += "#\((transition.time.nanoseconds + 50) / 100)\n\(transition.isHigh ? 1 : 0)!\n"
        }
        let end = (transitions.last?.time ?? .zero) + .milliseconds(10)
        return text + "#\(end.nanoseconds / 100)\n\(rest ? 1 : 0)!\n"
    }

    /// The texts of annotations, in order.
    private func sigrok(_ dump: String, _ decoders: String, _ annotations: String) -> [String] {
        let folder = ScratchFolder()
        let file = folder.write("x.vcd", Array(dump.utf8))
        guard
            let stream = unsafe popen("sigrok-cli -i \(file) -P \(decoders) -A \(annotations) 2>&1", "r")
        else { return ["no sigrok-cli"] }
        defer { unsafe pclose(stream) }
        var bytes: [UInt8] = []
        while case let byte = unsafe fgetc(stream), byte >= 0 { bytes.append(UInt8(byte)) }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
            String($0.drop { $0 != ":" }.dropFirst(2))
        }
    }

    @Test(
        .enabled(if: isHere, "no sigrok-cli here"),
        arguments: [
            ("9600,8n1", "baudrate=9600"), ("115200,7e1", "baudrate=115200:data_bits=7:parity=even"),
            ("19200,8o1.5", "baudrate=19200:parity=odd:stop_bits=1.5"), ("300,5n1", "baudrate=300:data_bits=5"),
            ("38400,9e1,inverted", "baudrate=38400:data_bits=9:parity=even:invert_rx=yes"),
        ])
    func `sigrok reads what was sent and finds no error`(_ text: String, _ options: String) throws {
        let format = try UARTFormat(text, subject: "")
        var dice = Dice(11)
        let mask: UInt16 = 1 << UInt16(format.dataBits) - 1
        let sent = (0..<120).map { _ in UInt16(truncatingIfNeeded: dice.next()) & mask }
        let first = UARTEncoder(format, Array(sent[..<70]), from: at(10_000_000))
        let second = UARTEncoder(format, Array(sent[70...]), from: first.end + .microseconds(333))
        let dump = dump(Array(first) + Array(second), rest: !format.isInverted)
        let read = sigrok(dump, "uart:rx=D:\(options)", "uart=rx-data:rx-parity-err:rx-warnings:rx-break")
        #expect(read.map { UInt16($0, radix: 16) } == sent)
    }

    @Test(.enabled(if: isHere, "no sigrok-cli here"))
    func `sigrok finds the CRC and the silences of Modbus frames right`() {
        let format = UARTFormat(baud: 19_200, parity: .even)
        let silence = ModbusRTU.silences(format).between
        let values: [UInt16] = [0, 1, 0x8000, 0xFFFF, 12_345]
        let frames = [
            ModbusRTU.frame(unit: 1, response: .registers(.holdingRegisters, values)),
            ModbusRTU.frame(unit: 2, response: .bits(.coils, [true, false, true])),
            ModbusRTU.frame(unit: 3, response: .wroteRegisters(address: 7, count: 2)),
            ModbusRTU.frame(unit: 4, response: .exception(function: 3, code: 2)),
        ]
        var now = at(10_000_000)
        var transitions: [Transition] = []
        for frame in frames {
            let encoder = UARTEncoder(format, frame, from: now)
            transitions += encoder
            now = encoder.end + silence
        }
        let options = "baudrate=19200:parity=even"
        let read = sigrok(
            dump(transitions, rest: true), "uart:rx=D:\(options),modbus", "modbus=sc-server-id:sc-crc:sc-data")
        #expect(read.filter { $0.hasPrefix("Slave ID") } == (1...4).map { "Slave ID: \($0)" })
        #expect(read.count { $0 == "CRC correct" } == 4)
        let found = read.compactMap { $0.split(separator: " / ").last.flatMap { UInt16($0) } }
        #expect(Array(found.prefix(5)) == values)
    }
}
