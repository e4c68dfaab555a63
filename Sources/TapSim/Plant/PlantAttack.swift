import TapConfig
import TapCore

/// What a plant calls its kinds of attacks.
protocol PlantAttack: RawRepresentable<String>, CaseIterable, Sendable {
    var kind: AttackKind { get }
}

extension Attack {
    init(
        _ variant: some PlantAttack, from: Nanoseconds, to: Nanoseconds?, target: String? = nil, value: Bool = false,
        strength: Double? = nil, span: Nanoseconds? = nil
    ) {
        self.init(
            variant.kind, from: from, to: to, target: target, value: value, strength: strength, span: span)
    }
}
