import TapConfig
import TapCore
import TapDecode
import Testing

@testable import TapClaims

struct SerialHearingTests {
    @Test func `what is heard ends where its lines' source promised its records, however late its end is noticed`()
        throws
    {
        let site = try SiteFile.parse(
            """
            tap-site: 1
            name: door
            title: Door
            signals: {BUS: {role: bus, uart: "19200,8e1"}}
            claims:
              plc: {from: {heard: BUS, unit: 1, function: 3}, every: 1s, late: 150ms, tags: {TAG: {at: 0}}}
            """, file: "s.yaml")
        let line = LineInfo(id: LineID(0), name: "BUS", chip: "chip", offset: 0, options: LineOptions())
        var hearing = SerialHearing(
            try RegisterMap(site.sources[0], firstTag: 0), [line], try UARTFormat("19200,8e1", subject: "BUS"),
            allowedLateness: .zero, origin: .zero)
        let noticed = Timestamp(nanoseconds: 4_000_000_000)
        hearing.watermark(at: Timestamp(nanoseconds: 900_000_000))
        hearing.sourceEnded(at: noticed)
        hearing.stop(at: noticed)
        #expect(hearing.reached == Timestamp(nanoseconds: 900_000_000))
        #expect(hearing.events.allSatisfy { $0.time <= Timestamp(nanoseconds: 900_000_000) })
    }
}
