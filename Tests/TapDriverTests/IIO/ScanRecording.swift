import Synchronization
import TapCore
import TapDriver

/// What a sink was given, to be looked at from any thread.
final class ScanRecording: Sendable {
    struct Content: Sendable {
        var blocks: [ScanBlock] = []
        var bytes: [[UInt8]] = []
        var gaps: [Gap] = []
        /// Blocks and gaps in the order they came: the index of a block, or of a gap as -1 - index.
        var order: [Int] = []
        var scans: Int { blocks.reduce(0) { $0 + $1.count } }
    }

    private let state = Mutex(Content())
    private let onChange: @Sendable (Content) -> Void
    init(_ onChange: @escaping @Sendable (Content) -> Void) { self.onChange = onChange }

    var content: Content { state.withLock { $0 } }

    fileprivate func change(_ body: (inout Content) -> Void) {
        let content = state.withLock { state in
            body(&state)
            return state
        }
        onChange(content)
    }
}

struct ScanRecordingSink: RecordSink {
    let recording: ScanRecording
    mutating func edge(_ edge: Edge) {}
    mutating func event(_ event: Event) {
        guard case .gap(let gap) = event else { return }
        recording.change { content in
            content.order.append(-1 - content.gaps.count)
            content.gaps.append(gap)
        }
    }
    mutating func scans(_ block: ScanBlock, raw: RawSpan) {
        let bytes = unsafe raw.withUnsafeBytes { unsafe Array($0) }
        recording.change { content in
            content.order.append(content.blocks.count)
            content.blocks.append(block)
            content.bytes.append(bytes)
        }
    }
}

#if IIO

    /// A run of one source on real threads.
    struct Captured {
        var info: SourceInfo
        var failure: TapError?
        var content: ScanRecording.Content
        /// From the wish to stop until everything had ended.
        var stopTook: Nanoseconds
        var longestBlock: Nanoseconds?

        /// Raw samples of a channel over all blocks.
        func samples(_ channel: Int) -> [Int64] {
            guard let info = info.devices.first?.channels[channel] else { return [] }
            return zip(content.blocks, content.bytes).flatMap { block, bytes in
                (0..<block.count).map { scan in
                    bytes.withSpan { info.format.sample(in: $0, at: scan * block.bytesPerScan + info.byteOffset) }
                }
            }
        }
    }

    extension [UInt8] {
        func withSpan<Result>(_ body: (RawSpan) -> Result) -> Result {
            unsafe withUnsafeBytes { unsafe body($0.bytes) }
        }
    }

    /// Captures until `isEnough` says so, or the source ends on its own.
    func capture(_ options: IIOOptions, until isEnough: @escaping @Sendable (ScanRecording.Content) -> Bool) -> Captured
    {
        let clock = SystemClock()
        let source = IIOSource(options, clock: clock)
        let stage = CaptureStage(source, ringCapacity: 1 << 16, lines: 0..<0, devices: 0..<1)
        do throws(TapError) { try stage.open(at: clock.now()) } catch {
            return Captured(
                info: stage.info, failure: error, content: ScanRecording.Content(), stopTook: .zero,
                longestBlock: stage.stopper?.longestBlock)
        }
        let stopper = Stop()
        let recording = ScanRecording { content in if isEnough(content) { stopper.stop(clock.now()) } }
        let merge = MergeStage(
            [stage.makeInput()], into: ScanRecordingSink(recording: recording))
        let driver = ThreadDriver(
            clock: clock, sources: [.init("capture", [stage])], consumers: [.init("merge", [merge])])
        stopper.arm(driver.stop)
        driver.run()
        let took = stopper.asked.map { clock.now() - $0 } ?? .zero
        return Captured(
            info: stage.info, failure: stage.failure, content: recording.content, stopTook: took,
            longestBlock: stage.stopper?.longestBlock)
    }

    /// Stops a driver once, and remembers when.
    private final class Stop: Sendable {
        private let state = Mutex<(action: (@Sendable () -> Void)?, asked: Timestamp?)>((nil, nil))
        var asked: Timestamp? { state.withLock { $0.asked } }
        func arm(_ action: @escaping @Sendable () -> Void) { state.withLock { $0.action = action } }
        func stop(_ now: Timestamp) {
            state.withLock { state in
                guard state.asked == nil else { return }
                state.asked = now
                state.action?()
            }
        }
    }

#endif
