import TapConfig

/// The vessel's content: mass, heat and what is dissolved. One step is 50 ms. A kilogram of it is a litre.
struct Vessel: Sendable {
    private(set) var mass_kg: Double
    private(set) var temperature_degC: Double
    /// Of the heating elements beyond the content: heat on its way.
    private var sheath_W = 0.0
    /// Strong base less strong acid, and the buffer, in mol: of what is mixed.
    private(set) var strong_mol = 0.0
    private(set) var buffer_mol = 0.0
    /// Base that was dosed and is not mixed in yet.
    private(set) var streak_mol = 0.0
    /// Of the mixed content, where the probe is.
    private(set) var pH = 7.0
    private(set) var filled_kg = 0.0
    private(set) var dosed_kg = 0.0
    private(set) var drained_kg = 0.0
    private(set) var spilled_kg = 0.0
    private let titration: Titration
    private let parameters: BatchPlant
    /// Of the waste water that comes in, drawn for each batch.
    var waste = Waste()

    struct Waste: Sendable {
        var acid_molpl = 0.07
        var buffer_molpl = 0.03
        var temperature_degC = 15.0
    }

    static let step_s = 0.05
    private static let heatCapacity_JpkgK = 4_180.0
    /// Of strong acid and base.
    private static let neutralisation_Jpmol = 56_000.0

    init(_ parameters: BatchPlant) {
        self.parameters = parameters
        mass_kg = parameters.vessel.first_kg
        temperature_degC = parameters.vessel.ambient_degC
        titration = Titration(pKa: parameters.chemistry.pKa)
        settle()
    }

    /// What the content has of base, mixed or not.
    var allStrong_mol: Double { strong_mol + streak_mol }

    /// One step.
    ///
    /// - Parameters:
    ///   - valves: positions of inlet, water and drain.
    ///   - pressure: of the inlets, as a share of the usual.
    ///   - dosed_ml: what arrives of the caustic.
    ///   - agitation: of the agitator's full speed.
    mutating func step(
        valves: (Double, Double, Double), pressure: Double, dosed_ml: Double, agitation: Double, heat_W: Double
    ) {
        fill(parameters.vessel.waste_kgps * valves.0 * pressure, isWaste: true)
        fill(parameters.vessel.water_kgps * valves.1 * pressure, isWaste: false)
        dose(dosed_ml)
        drain(valves.2)
        mix(agitation)
        warm(heat_W, agitation)
        if mass_kg > parameters.vessel.capacity_kg { spill() }
        settle()
    }

    private mutating func fill(_ rate_kgps: Double, isWaste: Bool) {
        guard rate_kgps > 0 else { return }
        let mass = rate_kgps * Vessel.step_s
        let temperature = isWaste ? waste.temperature_degC : parameters.vessel.water_degC
        temperature_degC += (temperature - temperature_degC) * (mass / (mass_kg + mass))
        mass_kg += mass
        filled_kg += mass
        guard isWaste else { return }
        strong_mol -= mass * waste.acid_molpl
        buffer_mol += mass * waste.buffer_molpl
    }

    private mutating func dose(_ volume_ml: Double) {
        guard volume_ml > 0 else { return }
        let mass = volume_ml * 1e-3 * parameters.dosing.density_kgpl
        mass_kg += mass
        dosed_kg += mass
        streak_mol += volume_ml * 1e-3 * parameters.dosing.caustic_molpl
    }

    /// By the height of the content: a square root.
    private mutating func drain(_ position: Double) {
        guard position > 0, mass_kg > 0 else { return }
        let head = (mass_kg / parameters.vessel.capacity_kg).squareRoot()
        var mass = min(mass_kg, parameters.vessel.drain_kgps * position * head * Vessel.step_s)
        // The last film runs out at once.
        if mass_kg - mass < 0.02 { mass = mass_kg }
        take(mass)
        drained_kg += mass
    }

    private mutating func spill() {
        let mass = mass_kg - parameters.vessel.capacity_kg
        take(mass)
        spilled_kg += mass
    }

    /// With what is dissolved in it.
    private mutating func take(_ mass: Double) {
        let left = mass < mass_kg ? 1 - mass / mass_kg : 0
        mass_kg = left > 0 ? mass_kg - mass : 0
        strong_mol *= left
        buffer_mol *= left
        streak_mol *= left
    }

    private mutating func mix(_ agitation: Double) {
        guard streak_mol > 0 else { return }
        // Turns of the agitator mix; without it, convection alone.
        let rate = 1 / parameters.vessel.standingMix_s + agitation / parameters.vessel.mixing_s
        let mixed = streak_mol * min(1, rate * Vessel.step_s)
        streak_mol -= mixed
        strong_mol += mixed
        if mass_kg > 0 {
            temperature_degC += mixed * Vessel.neutralisation_Jpmol / (mass_kg * Vessel.heatCapacity_JpkgK)
        }
    }

    private mutating func warm(_ heat_W: Double, _ agitation: Double) {
        sheath_W += (heat_W - sheath_W) * (Vessel.step_s / parameters.heater.lag_s)
        let loss = parameters.vessel.loss_WpK * (temperature_degC - parameters.vessel.ambient_degC)
        // An empty vessel is its wall.
        let capacity = (mass_kg + 20) * Vessel.heatCapacity_JpkgK
        temperature_degC += (sheath_W - loss + 400 * agitation) * Vessel.step_s / capacity
    }

    private mutating func settle() {
        guard mass_kg > 0.5 else { return pH = 7 }
        pH = titration.pH(strong: strong_mol / mass_kg, buffer: buffer_mol / mass_kg)
    }
}
