#if Gpiod
    import TapCore

    /// Finds chips by label: their numbers change between kernels and boots.
    struct ChipFinder: Sendable {
        var directory: String

        /// Device files of chips, gpiochip2 before gpiochip10, each device once: Raspberry Pi OS links gpiochip4 to
        /// gpiochip0. A link is taken only where the directory has no other file of its device.
        func paths() -> [String] {
            let all = SystemFile.names(in: directory, prefix: "gpiochip").map { "\(directory)/\($0)" }
            let links = Set(all.filter { SystemFile.linkTarget($0) != nil })
            var known: Set<UInt64> = []
            let chosen = (all.filter { !links.contains($0) } + all.filter(links.contains)).filter { path in
                do throws(Errno) { return known.insert(try SystemFile.deviceNumber(path)).inserted } catch {
                    // A link to nothing is no device; whoever opens another kind of file gets the reason.
                    return error != .notFound
                }
            }
            return all.filter(Set(chosen).contains)
        }

        /// The one chip of that label.
        func open(label: String) throws(TapError) -> ChipHandle {
            var found: [ChipHandle] = []
            var others: [String] = []
            var refused: (path: String, error: Errno)?
            for path in paths() {
                do throws(Errno) {
                    let chip = try ChipHandle(path: path)
                    if chip.label == label { found.append(chip) } else { others.append(chip.label) }
                } catch {
                    refused = (path, error)
                }
            }
            if found.count == 1 { return found[0] }
            if found.count > 1 {
                throw TapError(
                    .configuration, "chip '\(label)'",
                    "is the label of \(found.map(\.path).joined(separator: " and "))",
                    remedy: "it is ambiguous: give them different labels in the device tree")
            }
            if let refused, refused.error.isPermission {
                throw TapError(.permission, refused.path, "permission denied", remedy: LineRefusal.permissionRemedy)
            }
            throw LineRefusal.noChip(label, others: others)
        }

        /// Whether the kernel computes the chip (gpio-sim) or a driver of real pins stands behind it. What cannot be
        /// shown to be hardware is not called so.
        static func provenance(of chip: ChipHandle) -> Provenance {
            guard let path = ChipDevice.path(ofChip: chip.name) else { return .emulatedKernel }
            return ChipDevice.isEmulated(path) ? .emulatedKernel : .hardware
        }
    }
#endif
