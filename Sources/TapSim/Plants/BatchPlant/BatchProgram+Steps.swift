/// What each step of a batch does, and when it is over.
extension BatchProgram {
    /// What still runs in while a valve closes.
    private static let overrun_kg = 3.5
    /// Less is an empty vessel.
    private static let empty_kg = 5.0
    /// Elements must be covered.
    private static let covered_kg = 120.0

    mutating func advance(_ outputs: inout Outputs, at time: UInt64) {
        let recipe = Recipe.all[self.recipe]
        switch step {
        case .idle: break
        case .fill: fill(0, to: startWeight_kg + recipe.waste_kg, &outputs)
        case .dilute: fill(1, to: startWeight_kg + recipe.waste_kg + recipe.water_kg, &outputs)
        case .agitate: if inputs.agitates, elapsed_ns > 20 * Self.second { enter(following(.agitate)) }
        case .heat: heat(recipe, &outputs)
        case .dose:
            heatOn(recipe, &outputs)
            dose(recipe, &outputs)
        case .hold:
            heatOn(recipe, &outputs)
            hold(recipe)
        case .drain: drain(&outputs)
        }
    }

    /// The step after one, without those that the recipe leaves out.
    private func following(_ step: BatchStep) -> BatchStep {
        let recipe = Recipe.all[self.recipe]
        let order: [BatchStep] =
            isReordered
            ? [.fill, .dilute, .dose, .agitate, .heat, .hold, .drain]
            : [.fill, .dilute, .agitate, .heat, .dose, .hold, .drain]
        let rest = order.drop { $0 != step }.dropFirst()
        return rest.first {
            switch $0 {
            case .heat: recipe.temperature_degC > 0
            case .dose: recipe.target_pH > 0
            default: true
            }
        } ?? .drain
    }

    /// Never while the drain is not closed.
    private mutating func fill(_ valve: Int, to target_kg: Double, _ outputs: inout Outputs) {
        if inputs.weight_kg >= target_kg - Self.overrun_kg { isDone = true }
        if isDone {
            if inputs.closed[valve] { enter(following(step)) }
        } else {
            outputs.valves[valve] = inputs.closed[2]
        }
    }

    private mutating func heat(_ recipe: Recipe, _ outputs: inout Outputs) {
        heatOn(recipe, &outputs)
        let isThere = inputs.temperature_degC >= recipe.temperature_degC - 0.3
        if isLasting(isThere, 10) { enter(following(.heat)) }
    }

    /// By its error and, near the end, what it needs to stay there.
    private mutating func heatOn(_ recipe: Recipe, _ outputs: inout Outputs) {
        guard recipe.temperature_degC > 0, inputs.agitates, inputs.weight_kg > Self.covered_kg, !inputs.hot else {
            return
        }
        let error = recipe.temperature_degC - inputs.temperature_degC
        if abs(error) < 2 { heatIntegral = min(0.3, max(0, heatIntegral + error * 2e-5)) }
        outputs.duty = min(1, max(0, error * 0.35 + heatIntegral))
    }

    /// Whether something has been so for some seconds of the step.
    private mutating func isLasting(_ isThere: Bool, _ seconds: UInt64) -> Bool {
        guard isThere else {
            reached_ns = nil
            return false
        }
        let since = reached_ns ?? elapsed_ns
        reached_ns = since
        return elapsed_ns - since >= seconds * Self.second
    }

    /// Slower the nearer the target is, since what is dosed is seen half a minute later.
    private mutating func dose(_ recipe: Recipe, _ outputs: inout Outputs) {
        guard inputs.agitates || isReordered, !isProbeHeld else { return }
        if let lastStroke {
            guard inputs.strokes < lastStroke else { return enter(following(.dose)) }
            outputs.stroke_Hz = min(1, dosing.fastest_Hz)
            return
        }
        let error = recipe.target_pH - pH
        if isLasting(error <= 0.04, 15) {
            let given = inputs.strokes - startStrokes
            lastStroke = inputs.strokes + Int((Double(given) * settings.excess).rounded())
        } else if error > 0.04 {
            let share = min(1, error / 1.2)
            outputs.stroke_Hz = max(0.15, dosing.fastest_Hz * share * share)
        }
    }

    private mutating func hold(_ recipe: Recipe) {
        if recipe.target_pH > 0, pH < recipe.target_pH - 0.3, !isProbeHeld, !isReordered {
            enter(.dose)
        } else if Double(elapsed_ns) * 1e-9 >= recipe.hold_s {
            enter(.drain)
        }
    }

    /// Never while an inlet is not closed.
    private mutating func drain(_ outputs: inout Outputs) {
        if isLasting(inputs.weight_kg < Self.empty_kg, 10) { isDone = true }
        if isDone {
            if inputs.closed[2] { enter(.idle) }
        } else {
            outputs.valves[2] = inputs.closed[0] && inputs.closed[1]
        }
    }
}
