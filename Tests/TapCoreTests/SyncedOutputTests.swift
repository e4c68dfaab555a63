import Synchronization
import TapCore
import Testing

@Suite struct SyncedOutputTests {
    /// Counts, and fails from one call on.
    private final class Medium: ByteOutput, Sendable {
        let name = "medium"
        let syncs = Atomic<Int>(0)
        let written = Atomic<Int>(0)
        private let failsAt: Int

        init(failsAt: Int = .max) { self.failsAt = failsAt }

        var position: UInt64? { nil }
        func write(_ bytes: RawSpan) throws(OutputFailure) { written.add(bytes.byteCount, ordering: .relaxed) }
        func cut(to position: UInt64) {}
        func sync() throws(TapError) {
            guard syncs.add(1, ordering: .relaxed).newValue < failsAt else {
                throw TapError(.output, name, "cannot be written: I/O error", remedy: "choose another")
            }
        }

        /// Returns once it was synced so often.
        func wait(for count: Int) { while syncs.load(ordering: .relaxed) < count {} }
    }

    @Test func `an output is synced again and again, and once more at its end`() throws {
        let medium = Medium()
        let output = try SyncedOutput(medium, every: .milliseconds(1))
        try output.write("abc")
        medium.wait(for: 3)
        try output.finish()
        let syncs = medium.syncs.load(ordering: .relaxed)
        #expect(syncs >= 4)
        #expect(medium.written.load(ordering: .relaxed) == 3)
    }

    @Test func `it is synced at its end however long the time is`() throws {
        let medium = Medium()
        let output = try SyncedOutput(medium, every: .seconds(3_600))
        try output.finish()
        #expect(medium.syncs.load(ordering: .relaxed) == 1)
    }

    @Test func `a medium that fails is the failure of the next write and of the end`() throws {
        let medium = Medium(failsAt: 2)
        let output = try SyncedOutput(medium, every: .milliseconds(1))
        medium.wait(for: 2)
        #expect(throws: TapError.self) { try output.finish() }
        #expect(throws: TapError.self) { try output.write("abc") }
        #expect(medium.written.load(ordering: .relaxed) == 0)
    }
}
