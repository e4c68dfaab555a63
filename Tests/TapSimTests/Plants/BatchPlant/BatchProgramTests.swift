import TapConfig
import TapCore
import Testing

@testable import TapSim

@Suite struct BatchProgramTests {
    private static let second: UInt64 = 1_000_000_000

    /// Found by run 17 of a campaign with seed 273767005: the program trapped.
    @Test func `After an alarm that is attended to while the target is reached, the target must last for its time again`() {
        var program = BatchProgram(BatchPlant())
        program.recipe = 1
        program.enter(.heat)
        var inputs = BatchProgram.Inputs()
        inputs.agitates = true
        inputs.weight_kg = 380
        let longest = UInt64(program.settings.heatingTimeout.count) / Self.second
        var now: UInt64 = 0
        func scan(_ seconds: UInt64, at temperature: Double) {
            inputs.temperature_degC = temperature
            for _ in 0..<seconds {
                now += 1
                _ = program.scan(inputs, at: now * Self.second)
            }
        }
        scan(longest - 5, at: 20)
        scan(7, at: Recipe.all[1].temperature_degC)
        #expect(program.hasAlarm && program.step == .heat)
        program.attend()
        scan(10, at: Recipe.all[1].temperature_degC)
        #expect(!program.hasAlarm && program.step == .heat)
        scan(1, at: Recipe.all[1].temperature_degC)
        #expect(program.step == .dose)
    }
}
