/// A digital line: what a gateway's pin sees, front end and all.
public struct ScenarioLine: Sendable, Hashable {
    public var name: String
    /// What the wave is, in the file's words.
    public var words: String
    public var wave: DigitalWave

    public init(name: String, words: String = "", wave: DigitalWave) {
        self.name = name
        self.words = words
        self.wave = wave
    }
}
