import TapCore

/// Where the samples of a scan lie, as the kernel lays them out: in the order of their index, each naturally aligned,
/// the whole padded to its largest element (`iio_compute_scan_bytes` in drivers/iio/industrialio-buffer.c).
struct ScanLayout: Sendable, Hashable {
    /// Byte offset of each element, in the order given.
    var offsets: [Int]
    var bytesPerScan: Int

    /// - Parameter elements: index and format of each enabled channel; those of one index share their bytes.
    init(_ elements: [(index: Int, format: ScanFormat)]) {
        offsets = Array(repeating: 0, count: elements.count)
        var end = 0
        var largest = 1
        var previous: (index: Int, offset: Int)?
        for place in elements.indices.sorted(by: { elements[$0].index < elements[$1].index }) {
            let element = elements[place]
            if let previous, previous.index == element.index {
                offsets[place] = previous.offset
                continue
            }
            let bytes = element.format.bytes
            let offset = ScanLayout.aligned(end, to: bytes)
            offsets[place] = offset
            end = offset + bytes
            largest = max(largest, bytes)
            previous = (element.index, offset)
        }
        bytesPerScan = ScanLayout.aligned(end, to: largest)
    }

    /// Up to the next multiple; not only of powers of two, since an element of several samples need not be one.
    static func aligned(_ offset: Int, to size: Int) -> Int { (offset + size - 1) / size * size }
}
