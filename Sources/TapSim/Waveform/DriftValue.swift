final class DriftValue: AnalogGenerator {
    private let perSecond: Double
    private let limit: Double

    init(perSecond: Double, limit: Double?) {
        self.perSecond = perSecond
        self.limit = limit ?? .infinity
    }

    override func value(at time: UInt64) -> Double { max(-limit, min(perSecond * (Double(time) / 1e9), limit)) }
}
