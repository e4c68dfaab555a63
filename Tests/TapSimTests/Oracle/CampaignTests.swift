import TapConfig
import TapCore
import Testing

@testable import TapSim

/// Scenarios that a campaign draws.
@Suite struct CampaignTests {
    private func scenarios(_ plant: String, _ subject: Campaign.Subject, runs: ClosedRange<Int>) throws -> [Scenario] {
        let campaign = try Campaign(plant, seed: 1, subject, duration: .seconds(600))
        return try runs.map {
            try ScenarioFile.parse(campaign.text(of: $0), file: Campaign.name(of: $0), plants: Plants.all)
        }
    }

    @Test(arguments: Plants.all.map(\.name))
    func `every run can be read, and no two attacks of one are of one kind`(_ plant: String) throws {
        let drawn = try scenarios(plant, .attacks, runs: 1...60)
        for scenario in drawn {
            let kinds = scenario.attacks.map(\.kind.name)
            #expect(!kinds.isEmpty && Set(kinds).count == kinds.count)
        }
        #expect(drawn.contains { $0.attacks.count == 2 })
        #expect(Set(drawn.flatMap { $0.attacks.map(\.kind.aim) }) == Set(Attack.Aim.allCases))
    }

    @Test(arguments: Plants.all.map(\.name))
    func `runs with faults can be read, and their equipment differs`(_ plant: String) throws {
        let campaign = try Campaign(plant, seed: 1, .faults, duration: .seconds(600))
        let texts = (1...30).map { campaign.text(of: $0) }
        #expect(Set(texts).count == 30)
        #expect(texts.allSatisfy { $0.contains("  events: [") })
        _ = try scenarios(plant, .faults, runs: 1...30)
    }
}
