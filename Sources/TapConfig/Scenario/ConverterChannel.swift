/// One channel of a converter: unsigned codes from 0 at the bottom of its range to 2^bits - 1 at the top; beyond, they
/// stay there.
public struct ConverterChannel: Sendable, Hashable {
    public var name: String
    /// What the wave is, in the file's words.
    public var words: String
    /// The SI unit of values, range and wave.
    public var unit: String
    public var bottom: Double
    /// Above `bottom`.
    public var top: Double
    /// 1 to 32.
    public var bits: Int
    public var wave: AnalogWave

    public init(
        name: String, words: String = "", unit: String, bottom: Double, top: Double, bits: Int = 12, wave: AnalogWave
    ) {
        self.name = name
        self.words = words
        self.unit = unit
        self.bottom = bottom
        self.top = top
        self.bits = bits
        self.wave = wave
    }
}
