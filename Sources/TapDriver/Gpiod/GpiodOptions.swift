import CGpiod
public import TapCore

/// How lines are captured through libgpiod: everything of `ListeningOptions`, and where the chips are.
@dynamicMemberLookup
public struct GpiodOptions: Sendable {
    public var listening = ListeningOptions()
    /// Where chips are looked for.
    public var deviceDirectory = "/dev"

    public init() {}

    public subscript<Value>(dynamicMember option: WritableKeyPath<ListeningOptions, Value>) -> Value {
        get { listening[keyPath: option] }
        set { listening[keyPath: option] = newValue }
    }
}

/// The library behind the GPIO source.
public enum Gpiod {
    /// 2: libgpiod 2.x; 1: libgpiod 1.6; 0: built without.
    public static var interface: Int {
        Int(tap_gpiod_api())
    }

    /// As "2.1.3"; empty if built without.
    public static var version: String {
        guard let words = unsafe tap_gpiod_version() else { return "" }
        return unsafe String(cString: words)
    }

    /// What the library that is linked cannot do, a sentence each.
    public static var limits: [String] {
        switch interface {
        case 2: []
        case 1:
            [
                "libgpiod \(version): events carry no sequence numbers, so a full kernel queue is not counted, only inferred from repeated directions",
                "libgpiod \(version): the kernel queue holds 16 events and drops the newest",
                "libgpiod \(version): no choice of event clock and no kernel debounce",
                "libgpiod \(version): a muted line is released, so its level is not polled while it is muted",
            ]
        default: ["built without libgpiod: no GPIO lines"]
        }
    }
}
