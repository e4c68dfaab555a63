import TapCore
import Testing

@testable import TapDoctor
@testable import TapDriver

@Suite struct DoctorProfileTests {
    private let fake = FakeMachine()
    private let board = Board(name: "press", provenance: .hardware, compatible: ["raspberrypi,4-model-b"])

    private func profile() -> Profile {
        var profile = Profile(of: board, version: "0.1.0", on: fake.machine)
        profile.lines = [
            Profile.Line(
                name: "A", chip: "pinctrl-bcm2711", offset: 17, shortestPulse: .microseconds(12), pulses: 100,
                losslessRate_hz: 20_000)
        ]
        profile.interruptLatency = Profile.Spread(
            count: 200, minimum: 4_000, median: 6_500, share999: 31_000, maximum: 40_000)
        return profile
    }

    private func check(_ profile: ProfileFound, of board: Board?) -> DoctorCheck? {
        Doctor(fake.machine, board: board, profile: profile).examine().first { $0.check == "shortest pulse" }
    }

    @Test func `the machine's own is reported with what it measured`() {
        #expect(profile().model == "Raspberry Pi 4 Model B Rev 1.4")
        #expect(
            check(.profile(profile(), path: "p.json"), of: board)
                == .fine(
                    "shortest pulse",
                    "12 us, no loss up to 20000 changes/s on a line; timestamps are late by 6.5 us, 99.9% by 31 us or less; see p.json"
                ))
    }

    @Test func `one of another board, machine or kernel is reported and not used`() {
        func why(_ change: (inout Profile) -> Void) -> String? {
            var other = profile()
            change(&other)
            let found = check(.profile(other, path: "p.json"), of: board)
            #expect(found?.verdict == .unknown && found?.found == "not measured here")
            return found?.why
        }
        #expect(
            why { $0.boards = ["other"] }?.hasPrefix(
                "the profile p.json is not used: it is for board other, but this is press; ") == true)
        #expect(
            why { $0.model = "Pi 5" }?.contains(
                "it is for machine Pi 5, but this is Raspberry Pi 4 Model B Rev 1.4; ") == true)
        #expect(why { $0.architecture = "x" }?.contains("it is for architecture x, but this is ") == true)
        #expect(why { $0.kernel = "5.4" }?.contains("it is for kernel 5.4, but this is ") == true)
        #expect(why { $0.kernelBuild = "#9" }?.contains("#9, but this is ") == true)
        #expect(why { $0.provenance = .emulatedKernel }?.contains("it is for provenance emulated-kernel") == true)
    }

    @Test func `without one, or without a board, nothing is known`() {
        #expect(check(.none, of: board)?.found == "not measured")
        #expect(check(.profile(profile(), path: "p.json"), of: nil)?.verdict == .unknown)
        #expect(
            check(.unusable(path: "p.json", why: "it has mistakes"), of: board)?.why.hasPrefix(
                "the profile p.json is not used: it has mistakes; ") == true)
        var partly = profile()
        partly.lines.append(Profile.Line(name: "B", chip: "pinctrl-bcm2711", offset: 18))
        #expect(check(.profile(partly, path: "p.json"), of: board)?.found == "not measured")
    }
}
