import TapConfig

/// Water: the well, two pumps with their check valves, the rising main. One step is 20 ms.
///
/// Heads are metres above the surface in the well. A pump at speed s lifts s^2 x H0 - a q^2 (affinity laws); the main
/// takes z - level + k Q |Q|; the difference accelerates the water in it (rigid column). Both pumps have the same a.
struct Hydraulics: Sendable {
    private(set) var level_m: Double
    /// Of the main; below 0 it runs back.
    private(set) var flow_m3ps = 0.0
    /// Head at the manifold.
    private(set) var head_m: Double
    /// Through each pump, forwards.
    private(set) var pumped_m3ps = (0.0, 0.0)
    private(set) var inflowed_m3 = 0.0
    private(set) var outflowed_m3 = 0.0
    private(set) var spilled_m3 = 0.0

    private var leak1 = 0.0
    private var leak2 = 0.0
    /// Of each pump's head when new.
    private var health1 = 1.0
    private var health2 = 1.0

    private let area_m2: Double
    private let depth_m: Double
    private let outlet_m: Double
    private let friction: Double
    private let slope: Double
    private let inertia_s2pm2: Double
    private let shutOff1_m: Double
    private let shutOff2_m: Double

    static let step_s = 0.02
    /// Below this the pumps draw air.
    private static let suction_m = 0.25

    init(_ parameters: PumpStation) {
        area_m2 = parameters.well.area_m2
        depth_m = parameters.well.depth_m
        level_m = parameters.well.firstLevel_m
        outlet_m = parameters.main.outlet_m
        friction = parameters.main.friction_s2pm5
        slope = parameters.pumps[0].slope_s2pm5
        shutOff1_m = parameters.pumps[0].shutOffHead_m
        shutOff2_m = parameters.pumps[1].shutOffHead_m
        let diameter = parameters.main.diameter_m
        inertia_s2pm2 = parameters.main.length_m / (9.80665 * 0.7853981633974483 * diameter * diameter)
        head_m = parameters.main.outlet_m - parameters.well.firstLevel_m
        leak1 = Hydraulics.leak(parameters.pumps[0].checkValve)
        leak2 = Hydraulics.leak(parameters.pumps[1].checkValve)
    }

    mutating func setValve(_ pump: Int, _ valve: PumpStation.CheckValve) {
        if pump == 0 { leak1 = Hydraulics.leak(valve) } else { leak2 = Hydraulics.leak(valve) }
    }

    /// - Parameter share: of the head that it had when new.
    mutating func setHealth(_ pump: Int, _ share: Double) { if pump == 0 { health1 = share } else { health2 = share } }

    /// What comes back through a stopped pump at 1 m of head, in m3/s.
    private static func leak(_ valve: PumpStation.CheckValve) -> Double {
        switch valve {
        case .sound: 0
        case .leaking: 0.0003
        case .stuck: 0.004
        }
    }

    /// Of the water at the manifold, which is at the height of the well's floor.
    var pressure_Pa: Double { max(0, (head_m + level_m) * 9_806.65) }

    /// One step.
    ///
    /// - Parameter speeds: of the two pumps, as a share of full speed.
    mutating func step(speeds: (Double, Double), inflow_m3ps: Double) {
        let air = level_m >= Hydraulics.suction_m ? 1 : max(0, level_m / Hydraulics.suction_m - 0.2)
        let lift1 = shutOff1_m * health1 * speeds.0 * speeds.0 * air
        let lift2 = shutOff2_m * health2 * speeds.1 * speeds.1 * air
        let static_m = outlet_m - level_m
        if flow_m3ps <= 0, max(lift1, lift2) <= static_m {
            rest(static_m, lift1, lift2)
        } else {
            pump(static_m, lift1, lift2)
        }
        balance(inflow_m3ps)
    }

    /// No pump reaches the outlet: nothing flows but what the check valves let back, as fast as friction allows.
    private mutating func rest(_ static_m: Double, _ lift1: Double, _ lift2: Double) {
        // Whichever pump turns at all shuts its own way back.
        let leak = (lift1 > 0 ? 0 : leak1) + (lift2 > 0 ? 0 : leak2)
        head_m = static_m / (1 + friction * leak * leak)
        flow_m3ps = -leak * max(0, head_m).squareRoot()
        pumped_m3ps = (0, 0)
    }

    /// The column moves, or is about to.
    private mutating func pump(_ static_m: Double, _ lift1: Double, _ lift2: Double) {
        // What comes back through a standing pump must be pumped as well; by the head of the step before.
        let back = max(0, head_m).squareRoot()
        let total =
            max(0, flow_m3ps) + (lift1 < head_m ? leak1 * back : 0) + (lift2 < head_m ? leak2 * back : 0)
        var share = total / 2
        if total > 1e-9 { share += (lift1 - lift2) / (2 * slope * total) }
        let through1: Double
        if total <= 1e-9 {
            through1 = 0
            head_m = max(lift1, lift2)
        } else if share >= total {
            through1 = total
            head_m = lift1 - slope * total * total
        } else if share <= 0 {
            through1 = 0
            head_m = lift2 - slope * total * total
        } else {
            through1 = share
            head_m = lift1 - slope * share * share
        }
        pumped_m3ps = (through1, total - through1)
        let push = head_m - static_m - friction * flow_m3ps * abs(flow_m3ps)
        flow_m3ps = max(0, flow_m3ps + push * (Hydraulics.step_s / inertia_s2pm2))
    }

    private mutating func balance(_ inflow_m3ps: Double) {
        let entering = inflow_m3ps * Hydraulics.step_s
        var leaving = flow_m3ps * Hydraulics.step_s
        var level = level_m + (entering - leaving) / area_m2
        if level < 0 {
            // What is not there cannot be pumped.
            leaving += level * area_m2
            flow_m3ps = leaving / Hydraulics.step_s
            level = 0
        } else if level > depth_m {
            spilled_m3 += (level - depth_m) * area_m2
            level = depth_m
        }
        level_m = level
        inflowed_m3 += entering
        outflowed_m3 += leaving
    }
}
