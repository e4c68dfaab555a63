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
