public import ArgumentParser
public import TapSession

extension Speed: ExpressibleByArgument {
    static let help = ArgumentHelp(
        "How fast time passes: max (as fast as this machine can), or a multiple of real time, 1 to \(mostTimes).",
        valueName: "speed")

    public init?(argument: String) {
        if argument == "max" {
            self = .max
        } else if let factor = UInt32(argument), (1...Speed.mostTimes).contains(factor) {
            self = .times(factor)
        } else {
            return nil
        }
    }

    public var defaultValueDescription: String {
        switch self {
        case .max: "max"
        case .times(let factor): "\(factor)"
        }
    }
}
