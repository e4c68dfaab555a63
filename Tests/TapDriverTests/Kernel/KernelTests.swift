#if Gpiod
    import Glibc
    import TapConformance
    import TapCore
    import TapDriver
    import Testing

    /// Where the GPIO source meets a real kernel and its simulated chips: scripts/hil-tests runs them.
    ///
    /// One after the other: they share the kernel's clock, and stamps are compared between runs. Where TAP_HIL is set they
    /// are never skipped: without gpio-sim they fail.
    @Suite(
        "Kernel", .serialized,
        .enabled(
            if: GpioSim.isHere || GpioSim.isDemanded,
            "no writable /sys/kernel/config/gpio-sim here: scripts/hil-tests runs these in a kernel that has it"))
    struct KernelTests {
        @Test func `the GPIO source conforms`() {
            let outcomes = Conformance.run(on: GpiodBench.bench)
            #expect(outcomes.filter { $0.verdict == .failed }.map(\.description) == [])
            // All of lines but waiting for room.
            #expect(outcomes.count { $0.verdict == .passed } == 35)
        }

        @Test func `what a source says of itself is what the bench says`() throws {
            let bench = try GpiodBench(lines: 2)
            let run = bench.begin(2)
            let info = run.rig.stage.info
            #expect(info.capabilities == GpiodBench.bench.capabilities)
            #expect(info.provenance == .emulatedKernel)
            #expect(info.clock == ClockDomain(.monotonic))
            #expect(info.lines.map(\.queueHeld) == [1_024, 1_024])
            #expect(info.limits == [])
            run.finish()
        }
    }

    /// For scripts/hil-tests, which compares two boots: the hash, and the records themselves where it wants them.
    ///
    /// - Parameter unit: to which times are rounded. What goes by sleeps and not in step differs by a reading of the clock,
    ///   256 ns, on a machine that is busy.
    func printHash(_ name: String, _ run: HandRun, to unit: Nanoseconds = Nanoseconds(1)) {
        print("HIL-HASH \(name) \(run.recording.hash(from: run.start, to: unit))")
        guard let out = unsafe getenv("TAP_HIL_OUT") else { return }
        let path = unsafe String(cString: out) + "/recordings/\(name)"
        guard let file = unsafe fopen(path, "w") else { return }
        unsafe fputs(run.recording.text(from: run.start, to: unit).joined(separator: "\n") + "\n", file)
        unsafe fclose(file)
    }
#endif
