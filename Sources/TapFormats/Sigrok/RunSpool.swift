import CZip
import Glibc
import TapCore

/// Runs of equal samples, kept in a file without a name until the archive is written.
///
/// A run is 16 bytes: how often, then the sample. Memory is bounded, however long the capture.
final class RunSpool {
    let descriptor: Int32
    private var output: ByteWriter
    private var count: UInt64 = 0
    private var value: UInt64 = 0
    /// Samples put in so far.
    private(set) var samples: UInt64 = 0
    /// In the file, or about to be.
    private(set) var bytes: UInt64 = 0

    /// - Parameter directory: where there is room.
    init(in directory: String) throws(TapError) {
        descriptor = try UnnamedFile.open(in: directory)
        output = ByteWriter(DescriptorOutput(descriptor, name: UnnamedFile.copyName(directory)))
    }

    deinit { Glibc.close(descriptor) }

    var failure: TapError? { output.failure }

    func append(_ value: UInt64, count: UInt64) {
        guard count > 0 else { return }
        samples += count
        if value == self.value {
            self.count += count
            return
        }
        flushRun()
        (self.value, self.count) = (value, count)
    }

    private func flushRun() {
        guard count > 0 else { return }
        output.append(littleEndian: count)
        output.append(littleEndian: value)
        bytes += 16
        output.endRecord(at: .zero)
        count = 0
    }

    /// Everything is in the file.
    func finish() throws(TapError) {
        flushRun()
        output.flush()
        if let failure = output.failure { throw failure }
    }
}
