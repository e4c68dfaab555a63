import TapCore
import Testing

@testable import TapDoctor
@testable import TapDriver

@Suite
struct DoctorTests {
    @Test func `a gateway with nothing wrong is fine throughout, but for what nobody measured`() {
        let fake = FakeMachine()
        let checks = Doctor(fake.machine, storage: "/srv/tap").examine()
        #expect(
            checks.map { "\($0.verdict.rawValue) \($0.check): \($0.found)" } == [
                "fine machine: Raspberry Pi 4 Model B Rev 1.4",
                "fine kernel: Linux 6.12.34 aarch64",
                "fine gpio chips: 1 chip, 58 lines: pinctrl-bcm2711 (58)",
                "fine gpio access: pi may open every chip",
                "fine gpio library: libgpiod 2.2.1 (uAPI v2)",
                "fine event clock: monotonic, stamped in the interrupt",
                "fine event queue: 1,024 events per line, the maximum: 51 ms at 20,000 edges/s",
                "unknown shortest pulse: not measured",
                "fine iio devices: 1 device: ads1015",
                "fine iio access: pi may use every buffer",
                "fine iio library: libiio 0.26; ADCs over network or USB are read by blocking calls",
                "fine preemption: PREEMPT_RT",
                "fine timers: resolution 1 ns",
                "fine locked memory: no limit",
                "fine real-time: SCHED_FIFO 50 is permitted",
                "fine cpu governor: performance",
                "fine time sync: synchronised (the kernel's bound: 12.3 ms)",
                "fine battery clock: rtc0, rtc-ds1307 1-0068",
                "fine storage: /srv/tap: ext4 on mmcblk0 (eMMC)",
                "fine storage space: 20.0 GiB free of 29.0 GiB",
            ])
        #expect(!DoctorReport(checks).isBroken)
    }

    @Test func `whatever is not fine says why`() {
        let fake = FakeMachine()
        for folder in ["/proc", "/sys", "/etc"] { fake.take(folder) }
        fake.gpio = GPIOInventory()
        fake.libraries = Libraries(gpiod: nil, iioVersion: nil)
        let checks = Doctor(fake.machine).examine()
        #expect(checks.filter { $0.verdict != .fine }.count == 8)
        for check in checks { #expect((check.verdict == .fine) == check.why.isEmpty, "\(check)") }
    }

    @Test func `a report has a line for each check, reasons below, and a summary`() {
        let checks: [DoctorCheck] = [
            .fine("kernel", "Linux 6.12.34 aarch64"),
            .broken("gpio chips", "none", why: "no driver", remedy: "load it\nsudo modprobe gpio-x"),
            .unknown("shortest pulse", "not measured", why: "nobody did"),
        ]
        #expect(
            DoctorReport(checks).text(isColoured: false) == """
                fine      kernel          Linux 6.12.34 aarch64
                broken    gpio chips      none
                          why: no driver
                          do:  load it
                                 sudo modprobe gpio-x
                unknown   shortest pulse  not measured
                          why: nobody did

                3 checks: 1 fine, 1 broken (gpio chips), 1 unknown

                """)
        #expect(DoctorReport(checks).isBroken)
        let coloured = DoctorReport(checks).text(isColoured: true)
        #expect(coloured.hasPrefix("\u{1B}[32mfine      \u{1B}[0mkernel "))
    }

    @Test func `what is not to be pasted is at most 80 characters wide`() {
        let words = Array(repeating: "word", count: 60).joined(separator: " ")
        let text = DoctorReport([.degraded("battery clock", words, why: words, remedy: words)]).text(isColoured: false)
        #expect(text.split(separator: "\n").map(\.count).max() == 79)
    }

    // MARK: Board

    static let pi = Board(
        name: "raspberry-pi-4b", provenance: .hardware, compatible: ["raspberrypi,4-model-b"],
        chips: [BoardChip(label: "pinctrl-bcm2711", lines: 58)])

    @Test func `the board that this machine is has its chips`() {
        let fake = FakeMachine()
        #expect(
            fake.check("board", board: Self.pi)
                == .fine("board", "raspberry-pi-4b: this machine is raspberrypi,4-model-b"))
        #expect(fake.check("board chips", board: Self.pi) == .fine("board chips", "found"))
    }

    @Test func `the board of another machine is broken`() {
        let fake = FakeMachine()
        fake.write("/proc/device-tree/compatible", "raspberrypi,5-model-b\0brcm,bcm2712\0")
        let check = fake.check("board", board: Self.pi)
        #expect(check?.verdict == .broken)
        #expect(check?.found == "raspberry-pi-4b is for another machine")
        #expect(
            check?.why == "it is for raspberrypi,4-model-b, but this machine is raspberrypi,5-model-b, brcm,bcm2712")
    }

    @Test func `a chip that is missing, of another size, or twice there is reported`() {
        let fake = FakeMachine()
        func why(_ labels: [(String, Int)]) -> String? {
            fake.gpio.chips = labels.enumerated().map { number, chip in
                GPIOChip(
                    name: "gpiochip\(number)", label: chip.0, lines: Array(repeating: GPIOLine(), count: chip.1))
            }
            return fake.check("board chips", board: Self.pi)?.why
        }
        #expect(why([("raspberrypi-exp-gpio", 8)]) == "there is no chip pinctrl-bcm2711")
        #expect(why([("pinctrl-bcm2711", 54)]) == "pinctrl-bcm2711 has 54 lines, not 58")
        #expect(
            why([("pinctrl-bcm2711", 58), ("pinctrl-bcm2711", 58)])
                == "pinctrl-bcm2711 is the label of gpiochip0 and gpiochip1, so it is ambiguous")
    }

    @Test func `a chip that may be one of those not opened is unknown, not missing`() {
        let fake = FakeMachine()
        fake.gpio = GPIOInventory(refused: [.init(path: "/dev/gpiochip0", refusal: .denied)])
        #expect(
            fake.check("board chips", board: Self.pi)
                == .unknown(
                    "board chips", "0 of 1 as in the board file",
                    why: "there is no chip pinctrl-bcm2711; but 1 chip could not be opened",
                    remedy: "see 'gpio access' below"))
    }

    @Test func `an ADC that is soldered on and missing is broken; an add-on is not`() {
        let fake = FakeMachine()
        var board = Self.pi
        board.adcs = [BoardADC(name: "adc", device: "ad7606*", driver: "ad7606_spi", method: .buffered)]
        #expect(fake.check("board ADCs", board: board) == nil)
        board.adcs[0].isFitted = true
        #expect(fake.check("board ADCs", board: board)?.why == "no IIO device is called ad7606*")
        fake.write("/sys/bus/iio/devices/iio:device1/name", "ad7606-8\n")
        #expect(fake.check("board ADCs", board: board) == .fine("board ADCs", "all of them: adc"))
        fake.write("/sys/bus/iio/devices/iio:device2/name", "ad7606-6\n")
        let check = fake.check("board ADCs", board: board)
        #expect(check?.verdict == .broken)
        #expect(check?.why == "adc: 2 devices fit ad7606*, so it is ambiguous")
        #expect(check?.remedy == "name one by its ID: iio:device1, iio:device2")
    }

    @Test func `a simulated board wants no machine, no chip and no ADC`() {
        let fake = FakeMachine()
        fake.take("/sys/bus")
        fake.gpio = GPIOInventory()
        let board = Board(name: "simulator", provenance: .simulated)
        #expect(
            fake.check("board", board: board) == .fine("board", "simulator: simulated, so any machine will do"))
        #expect(fake.check("gpio chips", board: board)?.verdict == .fine)
        #expect(fake.check("iio devices", board: board)?.verdict == .fine)
    }
}
