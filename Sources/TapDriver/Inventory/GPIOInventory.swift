import CGpiod
public import TapCore

/// Every GPIO chip of this machine and what the kernel says of its lines. Taking it requests no line: only the chips'
/// character devices are opened, and closed again.
public struct GPIOInventory: Sendable, Hashable {
    /// By number.
    public var chips: [GPIOChip]
    /// Chips that are there and could not be opened.
    public var refused: [RefusedChip]

    public init(chips: [GPIOChip] = [], refused: [RefusedChip] = []) {
        self.chips = chips
        self.refused = refused
    }

    public struct RefusedChip: Sendable, Hashable {
        /// As "/dev/gpiochip0".
        public var path: String
        public var refusal: Refusal

        public init(path: String, refusal: Refusal) {
            self.path = path
            self.refusal = refusal
        }
    }
}

public struct GPIOChip: Sendable, Hashable {
    /// As "gpiochip0"; the number changes between kernels.
    public var name: String
    public var label: String
    /// By offset, without a hole.
    public var lines: [GPIOLine]

    public init(name: String, label: String, lines: [GPIOLine]) {
        self.name = name
        self.label = label
        self.lines = lines
    }
}

/// A line as the kernel has it now.
public struct GPIOLine: Sendable, Hashable {
    public enum Direction: String, Sendable, Hashable {
        case input, output
        /// The kernel did not tell of this line.
        case unknown
    }

    /// The kernel's name for it; empty for none.
    public var name: String
    public var direction: Direction
    /// Requested by a program or used by the kernel: nobody else can have it.
    public var isUsed: Bool
    /// Who uses it, as that one said; empty if it did not.
    public var user: String
    public var isActiveLow: Bool
    public var bias: LineOptions.Bias

    public init(
        name: String = "", direction: Direction = .input, isUsed: Bool = false, user: String = "",
        isActiveLow: Bool = false, bias: LineOptions.Bias = .asIs
    ) {
        self.name = name
        self.direction = direction
        self.isUsed = isUsed
        self.user = user
        self.isActiveLow = isActiveLow
        self.bias = bias
    }
}

extension GPIOInventory {
    /// The chips of this machine, now. Empty where tap was built without libgpiod.
    public static func read() -> GPIOInventory {
        var inventory = GPIOInventory()
        #if Gpiod
            for file in SystemFile.names(in: "/dev", prefix: "gpiochip") {
                do throws(Refusal) {
                    let chip = try GPIOChip.read("/dev/\(file)")
                    // Some distributions keep a second name for a chip as a symbolic link.
                    if chip.name == file { inventory.chips.append(chip) }
                } catch {
                    inventory.refused.append(RefusedChip(path: "/dev/\(file)", refusal: error))
                }
            }
        #endif
        return inventory
    }
}

extension Libraries {
    static var loaded: Libraries {
        Libraries(
            gpiodInterface: Int(tap_gpiod_api()), gpiodVersion: unsafe String(cString: tap_gpiod_version()),
            iioVersion: IIOLibrary.version)
    }
}

#if Gpiod
    extension GPIOChip {
        /// Sound: the chip is open for as long as it is asked, and what is asked copies into values of this function.
        fileprivate static func read(_ path: String) throws(Refusal) -> GPIOChip {
            var opened: OpaquePointer?
            try Refusal.check(unsafe tap_gpiod_chip_open(path, &opened))
            guard let chip = unsafe opened else { throw .noDevice }
            defer { unsafe tap_gpiod_chip_close(chip) }
            var name = [CChar](repeating: 0, count: 32)
            var label = [CChar](repeating: 0, count: 32)
            var count: UInt32 = 0
            unsafe tap_gpiod_chip_describe(chip, &name, &label, &count)
            var lines: [GPIOLine] = []
            lines.reserveCapacity(Int(count))
            for offset in 0..<count {
                var line = tap_gpiod_line()
                let status = unsafe tap_gpiod_line_describe(chip, offset, &line)
                lines.append(status < 0 ? GPIOLine(direction: .unknown) : GPIOLine(line))
            }
            return GPIOChip(name: text(name), label: text(label), lines: lines)
        }
    }

    extension GPIOLine {
        fileprivate init(_ line: tap_gpiod_line) {
            let biases: [LineOptions.Bias] = [.asIs, .disabled, .pullUp, .pullDown]
            let name = unsafe withUnsafeBytes(of: line.name) { unsafe Array($0) }
            let user = unsafe withUnsafeBytes(of: line.consumer) { unsafe Array($0) }
            self.init(
                name: text(name), direction: line.output ? .output : .input, isUsed: line.used, user: text(user),
                isActiveLow: line.active_low, bias: biases[Int(line.bias & 3)])
        }
    }

    /// A C string that ends with a NUL or with its array.
    private func text<Byte: BinaryInteger>(_ bytes: [Byte]) -> String {
        String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    }
#endif
