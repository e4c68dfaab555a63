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
        public var refusal: Errno

        public init(path: String, refusal: Errno) {
            self.path = path
            self.refusal = refusal
        }
    }
}

extension GPIOInventory {
    /// Whether chips can be looked at: built with libgpiod.
    public static var isPossible: Bool { GpiodLibrary.loaded != nil }

    /// The chips of this machine, now. Empty where tap was built without libgpiod.
    public static func read() -> GPIOInventory {
        var inventory = GPIOInventory()
        #if Gpiod
            for path in ChipFinder(directory: "/dev").paths() {
                do throws(Errno) {
                    inventory.chips.append(GPIOChip(try ChipHandle(path: path)))
                } catch {
                    inventory.refused.append(RefusedChip(path: path, refusal: error))
                }
            }
        #endif
        return inventory
    }
}

#if Gpiod
    extension GPIOChip {
        fileprivate init(_ chip: ChipHandle) {
            self.init(
                name: chip.name, label: chip.label,
                lines: (0..<chip.lines).map { offset in
                    do throws(Errno) { return GPIOLine(try chip.describe(offset)) } catch {
                        return GPIOLine(direction: .unknown)
                    }
                }, provenance: ChipFinder.provenance(of: chip),
                isSlow: ChipDevice.path(ofChip: chip.name).map(ChipDevice.isSlow) ?? false)
        }
    }

    extension GPIOLine {
        fileprivate init(_ line: KernelLine) {
            self.init(
                name: line.name, direction: line.isOutput ? .output : .input, isUsed: line.isUsed, user: line.consumer,
                isActiveLow: line.isActiveLow)
        }
    }
#endif
