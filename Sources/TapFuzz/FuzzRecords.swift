import TapConfig
import TapCore
import TapSim

/// What a run of one boot gave on, in the order in which it was given on.
struct FuzzRecords {
    var items: [Record] = []
    /// The gateway's time of the last batch.
    var until = Timestamp.zero
    var ends = 0
}
