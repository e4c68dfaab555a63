import TapCore
import TapDriver
import TapFormats

extension Doctor {
    func shortestPulseCheck() -> DoctorCheck {
        let fitting = board.map { profile.fitting($0, on: machine) } ?? profile
        let (why, remedy) = (
            "two edges closer than this machine's interrupt latency become one or none, undetected",
            "measure it on a bench with tap-bench; until then, a missing edge does not prove that there was no pulse"
        )
        switch fitting {
        case .none: return .unknown("shortest pulse", "not measured", why: why, remedy: remedy)
        case .unusable(let path, let reason):
            return .unknown(
                "shortest pulse", "not measured here", why: "the profile \(path) is not used: \(reason); \(why)",
                remedy: "measure this machine on a bench with tap-bench loop")
        case .profile(let profile, let path):
            guard board != nil else {
                return .unknown(
                    "shortest pulse", "not known to be for this board",
                    why: "the profile \(path) is for board \(profile.boards.joined(separator: " or "))",
                    remedy: "name the board with --board")
            }
            guard let pulse = profile.shortestPulse else {
                return .unknown(
                    "shortest pulse", "not measured", why: "the profile \(path) does not have it for every line",
                    remedy: remedy)
            }
            let rate = profile.losslessRate_hz.map { ", no loss up to \($0) changes/s on a line" } ?? ""
            let late = profile.interruptLatency.map {
                "; timestamps are late by \(Words.span($0.median)), 99.9% by \(Words.span($0.share999)) or less"
            }
            return .fine("shortest pulse", "\(Words.span(pulse))\(rate)\(late ?? ""); see \(path)")
        }
    }
}
