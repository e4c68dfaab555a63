import TapConfig
import TapCore

extension PumpStationPlant {
    /// What a tag really is: the quantity, the contact, and of the program's own states what the approved program holds.
    func truth(of tag: StationTag) -> Claim.Value {
        switch tag {
        case .level: .number(hydraulics.level_m)
        case .flow: .number(hydraulics.flow_m3ps * 3_600)
        case .pressure: .number(hydraulics.pressure_Pa * 1e-5)
        case .current1: .number(motors[0].current_A)
        case .current2: .number(motors[1].current_A)
        case .volume: .number(passed_m3)
        case .run1: .bool(contactors[0].isAuxiliaryClosed)
        case .run2: .bool(contactors[1].isAuxiliaryClosed)
        case .mode1: StationTag.mode1.word(panel[0].mode)
        case .mode2: StationTag.mode2.word(panel[1].mode)
        default: approvedValue(of: tag)
        }
    }

    private func approvedValue(of tag: StationTag) -> Claim.Value {
        StationReport(approved ?? plc.program, litresPerPulse: parameters.meter.litresPerPulse).value(of: tag)
    }
}

extension PumpStationPlant.Panel {
    /// As its selector stands: 0 off, 1 auto, 2 hand.
    var mode: Int { hand ? 2 : auto ? 1 : 0 }
}

extension StationTag {
    /// What the screen calls one of its states.
    func word(_ index: Int) -> Claim.Value {
        guard case .words(let words) = form else { return .text(ShortText("")) }
        return .text(ShortText(words[min(words.count - 1, max(0, index))]))
    }
}
