import TapConfig
import TapCore
import TapSim

/// What checkers found wrong, a sentence each; the first are enough.
final class FuzzFindings {
    var all: [String] = []
    private static let most = 20

    func require(_ isTrue: Bool, _ what: @autoclosure () -> String) {
        if !isTrue, all.count < FuzzFindings.most { all.append(what()) }
    }
}
