// Which source listens to what was picked from a board.

import TapConfig
import TapCore
import TapDriver
import TapSim

extension SessionPlan {
    mutating func add(_ selection: LineSelection) throws(TapError) {
        switch selection {
        case .simulated(let lines):
            guard !lines.isEmpty else { return }
            let scenario = Scenario(board: "", lines: lines, channels: [])
            add(SimSource(scenario, name: "simulated lines"), lines: lines.count, devices: 0)
        case .wired(let lines):
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
                        lines: infos, options: options.gpiod, clock: time.clock, stampClock: RealtimeClock(),
                        domain: RealtimeClock.domain())
                    : GpiodSource(lines: infos, options: options.gpiod, clock: time.clock)
                add(source, lines: infos.count, devices: 0)
            #else
                throw TapError(
                    .unsupported, "line '\(infos[0].name)'", "this tap was built without libgpiod",
                    remedy: "build it with the trait Gpiod")
            #endif
        }
    }

    mutating func add(_ selection: ChannelSelection) throws(TapError) {
        switch selection {
        case .simulated(let channels):
            let all = Scenario(board: "", lines: [], channels: channels)
            for (index, converter) in all.converters.enumerated() {
                let source = SimSource(
                    Scenario(name: "", converters: [converter]), name: "simulated converter \(converter.name)",
                    firstDevice: DeviceID(UInt16(index)))
                add(source, lines: 0, firstDevice: index, devices: 1)
            }
        case .wired(let adcs):
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
}
