/// What a batch is made by.
struct Recipe: Sendable, Hashable {
    var name: String
    var waste_kg: Double
    var water_kg: Double
    /// 0: not heated.
    var temperature_degC: Double
    /// 0: not dosed.
    var target_pH: Double
    var hold_s: Double

    /// Number 0 is that of an empty plant, the last one cleans the vessel.
    static let all = [
        Recipe(name: "none", waste_kg: 0, water_kg: 0, temperature_degC: 0, target_pH: 0, hold_s: 0),
        Recipe(name: "A", waste_kg: 300, water_kg: 80, temperature_degC: 35, target_pH: 7.2, hold_s: 300),
        Recipe(name: "B", waste_kg: 250, water_kg: 50, temperature_degC: 42, target_pH: 7.5, hold_s: 600),
        Recipe(name: "C", waste_kg: 350, water_kg: 60, temperature_degC: 28, target_pH: 7.0, hold_s: 240),
        Recipe(name: "cleaning", waste_kg: 0, water_kg: 220, temperature_degC: 0, target_pH: 0, hold_s: 300),
    ]
    static let cleaning = 4
}
