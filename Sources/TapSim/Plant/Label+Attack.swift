import TapConfig
import TapCore

extension Label {
    /// The truth about an attack.
    init(_ attack: Attack) {
        self.init(
            kind: .attack, name: attack.name, from: .zero + max(.zero, attack.from),
            to: attack.to.map { .zero + $0 } ?? .distantFuture, truth: attack.truth)
    }
}
