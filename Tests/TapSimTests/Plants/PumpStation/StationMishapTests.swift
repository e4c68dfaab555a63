import TapConfig
import TapCore
import Testing

@testable import TapSim

/// Everyday events that look like attacks.
@Suite struct StationMishapTests {
    @Test func `a lifted float sounds the siren, and the level says otherwise`() {
        let run = StationRun(.quick.with(.floatTest, at: 20, for: 20), seconds: 60)
        #expect(run.rises("LSH") == [20_000_000_000] && run.falls("LSH").count == 1)
        #expect(run.isHigh("SIREN", at: 25) && run.value("LT1", at: 25) < 2.5)
        #expect(run.shown("ALM_HIGH", at: 59) == .bool(false))
    }

    @Test func `a failed transmitter is out of its range, and the PLC keeps the last level`() {
        for (kind, output) in [(PumpStation.Event.Kind.loopOpen, -0.125), (.loopShorted, 5.3125)] {
            let run = StationRun(.quick.with(kind, at: 20, for: 20), seconds: 60)
            #expect(run.value("LT1", at: 30) == output)
            #expect(run.shown("LEVEL", at: 23) == run.shown("LEVEL", at: 38))
            #expect(run.shown("ALM_LEVEL", at: 30) == .bool(true))
            #expect(run.shown("ALM_LEVEL", at: 55) == .bool(false))
            #expect(run.labels.contains { $0.name == kind.rawValue && $0.kind == .fault })
        }
    }

    @Test func `without control supply all inputs of its group fall together`() {
        let run = StationRun(.quick.with(.controlSupplyLost, at: 20, for: 20), seconds: 60)
        for name in ["P1_FB", "P1_AUTO", "P2_AUTO", "P1_READY", "P2_READY", "SUPPLY_OK"] {
            #expect(run.falls(name).first == 20_000_000_000, "\(name)")
            #expect(name == "P1_FB" || run.rises(name).last == 40_000_000_000, "\(name)")
        }
        #expect(run.edges("PLC_RUN").isEmpty && run.shown("PLC_COMM", at: 30) == .bool(true))
        #expect(run.shown("P1_MODE", at: 30) == .text("off"))
        #expect(run.isHigh("P1_FB", at: 59) || run.isHigh("P2_FB", at: 59))
        #expect(run.shown("ALM_P1_FAIL", at: 59) == .bool(false))
    }

    @Test func `a power cut takes everything, and all of it comes back`() {
        let run = StationRun(.quick.with(.powerCut, at: 20, for: 20), seconds: 200)
        for line in run.plant.signals.digital where line.name != "RS485" && line.name != "FLOW_PULSE" {
            #expect(!run.isHigh(line.name, at: 25), "\(line.name)")
        }
        #expect(run.value("LT1", at: 25) == -1.25 && run.value("FT1", at: 25) == -0.025)
        #expect(run.rises("PLC_RUN") == [55_000_000_000])
        #expect(run.claims.allSatisfy { !(20_000_000_000..<130_000_000_000).contains($0.time.nanoseconds) })
        #expect(run.shown("PLC_COMM", at: 140) == .bool(true))
        #expect((run.rises("P1_FB") + run.rises("P2_FB")).contains { $0 > 55_000_000_000 })
    }

    @Test func `pumps are parked first, then the transmitter is calibrated`() {
        let run = StationRun(.quick.with(.parkedCalibration, at: 20, for: 120), seconds: 200)
        #expect(!run.isHigh("P1_AUTO", at: 21) && !run.isHigh("P2_AUTO", at: 21) && run.isHigh("P1_AUTO", at: 141))
        #expect(run.value("LT1", at: 25) > 0.5)
        #expect((30...130).contains { run.value("LT1", at: Double($0)) == 5 })
        #expect(run.shown("STATION_MODE", at: 100) == .text("maintenance"))
        #expect(!run.isHigh("P1_FB", at: 100) && !run.isHigh("P2_FB", at: 100))
    }

    @Test func `a clock is set wrong by hand, and put right`() {
        let run = StationRun(.quick.with(.clockSet, at: 20, for: 20), seconds: 60)
        #expect(run.shown("HMI_TIME", at: 15) == .text("2026-03-26 00:00:16"))
        #expect(run.shown("HMI_TIME", at: 30) == .text("2026-03-26 00:02:31"))
        #expect(run.shown("HMI_TIME", at: 50) == .text("2026-03-26 00:00:51"))
        #expect(run.judged("HMI_TIME", at: 30)?.truth == .text("2026-03-26 00:00:29"))
    }

    @Test func `a fouled transmitter drifts until it is cleaned`() {
        let run = StationRun(.quick.with(.fouling, at: 20, for: 100), seconds: 140)
        let water = run.errors("LEVEL")
        #expect(abs(water[118] - 0.098) < 0.02 && abs(water[130]) < 0.02 && abs(water[18]) < 0.02)
    }

    @Test func `a rag takes more current and gives less water`() {
        let clean = StationRun(seconds: 45)
        let ragged = StationRun(.quick.with(.rag, at: 1, for: 500), seconds: 45)
        #expect(ragged.value("P1_I", at: 40) > 1.1 * clean.value("P1_I", at: 40))
        #expect(ragged.value("FT1", at: 40) < 0.85 * clean.value("FT1", at: 40))
    }
}
