public import TapCore
public import TapDecode

/// A file of captured packets: pcap (libpcap's, microseconds or nanoseconds, either byte order) or pcapng
/// (draft-ietf-opsawg-pcapng), read once from its beginning in constant memory.
///
/// A file that ends within a packet gives what comes before, and a remark.
public struct PacketFile: ~Copyable, Sendable {
    /// A packet, beside its bytes.
    public struct Frame: Sendable, Hashable {
        /// Nanoseconds since 1970-01-01T00:00:00Z by the clock of the machine that captured.
        public var utc_ns: UInt64
        public var link: LinkType?
        /// The same.
        public var time: Timestamp { Timestamp(nanoseconds: utc_ns) }
        /// What was captured of it; the bytes of it that were on the network.
        public var captured: Int
        public var length: Int
    }

    private var file: InputFile
    private var layout: Layout
    /// Packets that the capturing machine says it lost; nil: it does not say.
    public private(set) var dropped: UInt64?
    public private(set) var remarks: [String] = []
    /// It ends within a packet.
    public private(set) var isTorn = false
    private var interfaces: [PacketInterface] = []
    private var isBig = false
    /// Of all interfaces of the sections before.
    private var droppedBefore: UInt64 = 0

    private enum Layout { case classic(PacketInterface), blocks }

    /// A longer packet or block is none: the file is damaged.
    static let longest = InputFile.capacity - 64

    /// - Parameter path: `-` is standard input.
    public init(_ path: String) throws(TapError) {
        var file = try InputFile(path, isText: false)
        let layout = try PacketFile.begin(&file)
        self.init(file, layout.layout, layout.isBig)
    }

    private init(_ file: consuming InputFile, _ layout: Layout, _ isBig: Bool) {
        self.file = file
        (self.layout, self.isBig) = (layout, isBig)
    }

    /// How much of the file is used up, from 0 to 1; nil: its size is not known.
    public var share: Double? { file.share }

    private static func begin(_ file: inout InputFile) throws(TapError) -> (layout: Layout, isBig: Bool) {
        guard try file.need(4) else { throw none(file, "is too short") }
        let magic = word(file.bytes, file.start, big: true)
        if magic == 0x0A0D_0D0A { return (.blocks, false) }
        let isBig = [0xA1B2_C3D4, 0xA1B2_3C4D].contains(magic)
        let value = isBig ? magic : magic.byteSwapped
        guard [0xA1B2_C3D4, 0xA1B2_3C4D].contains(value) else { throw none(file, "begins as neither") }
        guard try file.need(24) else { throw none(file, "is too short") }
        let type = word(file.bytes, file.start + 20, big: isBig) & 0xFFFF
        file.skip(24)
        let unit: UInt64 = value == 0xA1B2_3C4D ? 1_000_000_000 : 1_000_000
        return (.classic(PacketInterface(link: LinkType(rawValue: UInt16(type)), perSecond: unit)), isBig)
    }

    private static func none(_ file: borrowing InputFile, _ what: String) -> TapError {
        TapError(
            .configuration, InputPlace.name(file.path), "is no capture of packets, pcap or pcapng: it \(what)",
            remedy: "name one made by tcpdump, dumpcap or wireshark")
    }

    /// Gives the next packet to `body`.
    ///
    /// - Returns: false at the end of the file.
    public mutating func next(_ body: (Frame, Span<UInt8>) -> Void) throws(TapError) -> Bool {
        switch layout {
        case .classic(let interface): try nextClassic(interface, body)
        case .blocks: try nextBlock(body)
        }
    }

    private mutating func nextClassic(
        _ interface: PacketInterface, _ body: (Frame, Span<UInt8>) -> Void
    ) throws(TapError) -> Bool {
        guard try have(16) else { return false }
        let start = file.start
        let seconds = UInt64(word(start))
        let captured = Int(word(start + 8))
        let frame = Frame(
            utc_ns: seconds &* 1_000_000_000 &+ UInt64(word(start + 4)) &* (1_000_000_000 / interface.perSecond),
            link: interface.link, captured: captured, length: max(captured, Int(word(start + 12))))
        guard captured <= PacketFile.longest else { throw damaged("says that a packet has \(captured) bytes") }
        guard try have(16 + captured) else { return false }
        body(frame, file.bytes.span.extracting(file.start + 16..<file.start + 16 + captured))
        file.skip(16 + captured)
        return true
    }

    // Blocks of pcapng

    private mutating func nextBlock(_ body: (Frame, Span<UInt8>) -> Void) throws(TapError) -> Bool {
        while true {
            guard try have(12) else { return false }
            let type = word(file.start)
            if type == 0x0A0D_0D0A {
                let order = PacketFile.word(file.bytes, file.start + 8, big: true)
                guard order == 0x1A2B_3C4D || order == 0x4D3C_2B1A else {
                    throw damaged("has a section of no byte order")
                }
                isBig = order == 0x1A2B_3C4D
                interfaces = []
                droppedBefore = dropped ?? 0
            }
            let length = Int(word(file.start + 4))
            guard length >= 12, length % 4 == 0 else { throw damaged("has a block of \(length) bytes") }
            guard length <= PacketFile.longest else {
                // No packet is so long.
                guard ![2, 3, 6].contains(type) else { throw damaged("has a packet of \(length) bytes") }
                guard try passOver(length) else { return false }
                continue
            }
            guard try have(length) else { return false }
            let block = file.start + 8..<file.start + length - 4
            file.skip(length)
            switch type {
            case 1: interfaces.append(PacketInterface(file.bytes, block, big: isBig))
            case 5: take(statistics: block)
            case 6, 2, 3: if try give(type, block, body) { return true }
            default: break
            }
        }
    }

    private mutating func passOver(_ length: Int) throws(TapError) -> Bool {
        var left = length
        while left > 0 {
            guard try have(1) else { return false }
            let count = min(left, file.end - file.start)
            file.skip(count)
            left -= count
        }
        return true
    }

    /// An enhanced, an obsolete or a simple packet block.
    private func give(
        _ type: UInt32, _ block: Range<Int>, _ body: (Frame, Span<UInt8>) -> Void
    ) throws(TapError) -> Bool {
        let header = type == 3 ? 4 : 20
        guard block.count >= header else { throw damaged("has a packet block that is too short") }
        let at = block.lowerBound
        let index = type == 3 ? 0 : type == 2 ? Int(half(at)) : Int(word(at))
        guard interfaces.indices.contains(index) else {
            throw damaged("has a packet of an interface it does not describe")
        }
        let interface = interfaces[index]
        let length = Int(word(type == 3 ? at : at + 16))
        let captured = type == 3 ? min(length, block.count - 4) : Int(word(at + 12))
        guard captured <= block.count - header else { throw damaged("has a packet that is longer than its block") }
        let stamp = type == 3 ? 0 : UInt64(word(at + 4)) << 32 | UInt64(word(at + 8))
        let frame = Frame(
            utc_ns: interface.nanoseconds(stamp), link: interface.link, captured: captured,
            length: max(captured, length))
        body(frame, file.bytes.span.extracting(at + header..<at + header + captured))
        return true
    }

    /// The option that says how many packets the machine lost is 5, eight bytes; the last block of an interface counts.
    private mutating func take(statistics block: Range<Int>) {
        guard block.count >= 12 else { return }
        let index = Int(word(block.lowerBound))
        PacketInterface.options(file.bytes, block.lowerBound + 12..<block.upperBound, big: isBig) { code, value in
            guard code == 5, value.count == 8, interfaces.indices.contains(index) else { return }
            let (first, second) = (UInt64(word(value.lowerBound)), UInt64(word(value.lowerBound + 4)))
            interfaces[index].dropped = isBig ? first << 32 | second : second << 32 | first
        }
        let known = interfaces.compactMap(\.dropped)
        if !known.isEmpty { dropped = droppedBefore + known.reduce(0, &+) }
    }

    // Bytes

    /// - Returns: false at the end of the file; where it ends within something, that is remarked.
    private mutating func have(_ count: Int) throws(TapError) -> Bool {
        if try file.need(count) { return true }
        if file.end > file.start, !isTorn {
            isTorn = true
            remarks.append("the file ends within a packet: \(file.end - file.start) bytes of it are there")
        }
        return false
    }

    private func damaged(_ what: String) -> TapError {
        TapError(
            .configuration, InputPlace.name(file.path), "\(what), at byte \(file.offset)",
            remedy: "the file is damaged there; 'editcap' of wireshark may save what comes before")
    }

    private func word(_ offset: Int) -> UInt32 { PacketFile.word(file.bytes, offset, big: isBig) }

    private func half(_ offset: Int) -> UInt16 { PacketInterface.half(file.bytes, offset, big: isBig) }

    static func word(_ bytes: [UInt8], _ offset: Int, big isBig: Bool) -> UInt32 {
        let (a, b) = (
            PacketInterface.half(bytes, offset, big: isBig), PacketInterface.half(bytes, offset + 2, big: isBig)
        )
        return isBig ? UInt32(a) << 16 | UInt32(b) : UInt32(b) << 16 | UInt32(a)
    }
}
