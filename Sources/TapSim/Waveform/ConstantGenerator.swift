/// Never changes.
final class ConstantGenerator: DigitalGenerator {}
