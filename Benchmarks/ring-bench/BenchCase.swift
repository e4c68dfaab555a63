import CRig

/// A way of passing elements from one thread to another.
enum BenchCase: String, CaseIterable {
    case singly
    case copied
    case inPlace = "in place"
    case roundTrip = "round trip"

    /// What the C++ side calls it.
    var rig: rig_case {
        switch self {
        case .singly: RIG_SINGLY
        case .copied: RIG_COPIED
        case .inPlace: RIG_IN_PLACE
        case .roundTrip: RIG_ROUND_TRIP
        }
    }

    /// Elements of one run: a few milliseconds, so that both runs of a pair see the same machine.
    func count(isSmall: Bool) -> UInt64 {
        switch self {
        case .singly: isSmall ? 6_400 : 1_280_000
        case .copied, .inPlace: isSmall ? 6_400 : 6_400_000
        case .roundTrip: isSmall ? 1_000 : 40_000
        }
    }

    /// What is to be reached, as tap's speed over the other's; a time of at most 0.8 is a speed of at least 1.25.
    func goal(against contender: Contender) -> Double? {
        switch (self, contender) {
        case (.singly, .twin): 0.9
        case (.singly, .boostRuntime): 2
        case (.copied, .boostRuntime): 1.2
        case (.inPlace, .boostRuntime): 1.5
        case (.roundTrip, .boostRuntime): 1.25
        default: nil
        }
    }
}

/// A queue that the tap ring is compared with.
enum Contender: String, CaseIterable {
    case twin = "C++ twin"
    case boostRuntime = "boost"
    case boostFixed = "boost, fixed capacity"

    var rig: rig_queue {
        switch self {
        case .twin: RIG_TWIN
        case .boostRuntime: RIG_BOOST_RUNTIME
        case .boostFixed: RIG_BOOST_FIXED
        }
    }
}

/// Where the two threads run.
struct Placement {
    var producerCPU: Int32 = 0
    var consumerCPU: Int32 = 1
    var isRealtime = false

    var rig: rig_placement {
        rig_placement(producer_cpu: producerCPU, consumer_cpu: consumerCPU, is_realtime: isRealtime)
    }
}
