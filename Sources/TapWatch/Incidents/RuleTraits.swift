import TapConfig
import TapCore

/// What is known of a watched rule from its form and the roles of what it reads: never from names.
struct RuleTraits {
    var relation: RuleRelation
    /// Signals that it judges; supplies, modes of others and buses, which every rule may read, left out.
    var signals: Set<String> = []
    var tags: Set<TagName> = []
    /// Claims that it takes to be true.
    var premises: Set<TagName> = []
    /// Whose claims it judges; empty: nobody's.
    var sources: Set<String> = []
    var roles: Set<SiteSignal.Role> = []
    /// Assets of what it judges, and its own.
    var assets: Set<String> = []
    /// Of a rule that asks for an alarm: the lines that sound it, and when they must, by wires alone.
    var sounding: Set<String> = []
    var soundsWhen = ""
    /// Of what the program should do, where it is judged by what devices do and not by what they are commanded: their feedback.
    var states: Set<String> = []
    /// Of a command and what must follow it: also that nothing else comes of it.
    var isBothWays = false
    /// Of a setting: a rule of an alarm has its threshold at the approved value, or a little beside it.
    var isAlarmLimit = false
    /// A limit of one measured value that the process must not pass.
    var limit: Limit?

    struct Limit {
        var signal: String
        /// In the SI's base.
        var value: Double
        var isUpper: Bool
        /// As the site writes it.
        var text: String
    }

    /// Its relation is one between what is said and what is so.
    var isOfScreen: Bool {
        switch relation {
        case .shown, .counted, .account, .contradiction, .late, .silent, .repeats, .flooded, .clock, .alarmShown,
            .alarmFounded:
            true
        default: false
        }
    }

    /// What the controller does may follow from a setting of it.
    var isOfControl: Bool {
        switch relation {
        case .program, .alarmSounds, .alarmShown, .alarmFounded, .process, .rate, .approved, .written: true
        default: false
        }
    }

    /// Where it holds, the device does what it is commanded, and nothing else.
    func isConfirmed(_ feedback: String) -> Bool {
        relation == .device && isBothWays && signals.contains(feedback) && roles.contains(.command)
    }

    /// Where it is broken, no claim of the other's sources is worth anything.
    func unmasks(_ other: RuleTraits) -> Bool {
        guard relation == .silent || relation == .repeats else { return false }
        return !sources.isDisjoint(with: other.sources.union(other.premises.map(\.source)))
    }

    var isOfProcess: Bool { relation == .process || relation == .program }

    var actsOnProcess: Bool {
        switch relation {
        case .shown: !roles.isDisjoint(with: [.command, .feedback, .measurement])
        case .approved, .written, .program, .device, .rate, .counted, .account: true
        default: false
        }
    }
}
