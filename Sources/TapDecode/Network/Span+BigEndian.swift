extension Span where Element == UInt8 {
    // In network byte order; whoever calls has checked that the bytes are there.
    func big16(_ offset: Int) -> UInt16 { UInt16(self[offset]) << 8 | UInt16(self[offset + 1]) }

    func big32(_ offset: Int) -> UInt32 { UInt32(big16(offset)) << 16 | UInt32(big16(offset + 2)) }

    func big48(_ offset: Int) -> UInt64 { UInt64(big32(offset)) << 16 | UInt64(big16(offset + 4)) }

    func big64(_ offset: Int) -> UInt64 { UInt64(big32(offset)) << 32 | UInt64(big32(offset + 4)) }

    var array: [UInt8] { indices.map { self[$0] } }
}
