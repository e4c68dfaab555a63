// Which source listens to what was picked from a board.

import TapConfig
import TapCore
import TapDriver

extension SessionPlan {
    mutating func add(_ lines: [BoardLine]) throws(TapError) {
        guard !lines.isEmpty else { return }
        let infos = lines.enumerated().map { index, line in
            LineInfo(
                id: LineID(UInt16(index)), name: line.name, chip: line.chip, offset: line.offset, pin: line.pin,
                options: line.options)
        }
        #if Gpiod
            let source =
                options.gpiod.isRealtime
                ? GpiodSource(
                    lines: infos, options: options.gpiod, clock: time.clock, wallClock: RealtimeClock(),
                    domain: RealtimeClock.domain())
                : GpiodSource(lines: infos, options: options.gpiod, clock: time.clock)
            add(source, lines: infos.count, devices: 0)
        #else
            throw TapError(
                .unsupported, "line '\(infos[0].name)'", "this tap was built without libgpiod",
                remedy: "build it with the trait Gpiod")
        #endif
    }

    mutating func add(_ adcs: [BoardADC]) throws(TapError) {
        for (index, adc) in adcs.enumerated() {
            #if IIO
                let wanted = IIOOptions(adc, channels: adc.channels, deviceID: DeviceID(UInt16(index)))
                add(IIOSource(wanted, clock: time.clock), lines: 0, firstDevice: index, devices: 1)
            #else
                throw TapError(
                    .unsupported, "channel of '\(adc.name)'", "this tap was built without libiio",
                    remedy: "build it with the trait IIO")
            #endif
        }
    }
}
