import Testing

@testable import TapRecord

@Suite struct TreeTests {
    /// The entries of the test vectors that the implementations of RFC 6962 share.
    private static let entries: [[UInt8]] = [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
        [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
    ]
    private static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    @Test func `roots are those of the shared vectors`() {
        var tree = Tree()
        #expect(tree.root.hex == TreeTests.roots[0])
        #expect(tree.root == .emptyRoot)
        for (index, entry) in TreeTests.entries.enumerated() {
            tree.append(Digest.leaf(entry))
            #expect(tree.size == UInt64(index + 1))
            #expect(tree.root.hex == TreeTests.roots[index + 1])
        }
    }

    /// As RFC 6962 defines it.
    private func root(_ leaves: ArraySlice<Digest>) -> Digest {
        guard leaves.count > 1 else { return leaves.first ?? .emptyRoot }
        var half = 1
        while half * 2 < leaves.count { half *= 2 }
        return Digest.node(root(leaves.prefix(half)), root(leaves.dropFirst(half)))
    }

    @Test func `roots are those of the definition`() {
        let leaves = (0..<300).map { Digest.leaf(Array("entry \($0)".utf8)) }
        var tree = Tree()
        for (index, leaf) in leaves.enumerated() {
            #expect(tree.root == root(leaves[..<index]))
            tree.append(leaf)
        }
    }

    @Test func `subtrees are appended as their entries would be`() {
        let leaves = (0..<70).map { Digest.leaf([UInt8($0)]) }
        var whole = Tree()
        for leaf in leaves { whole.append(leaf) }
        var parts = Tree()
        parts.append(subtree: root(leaves[..<64]), level: 6)
        parts.append(subtree: root(leaves[64..<68]), level: 2)
        for leaf in leaves[68...] { parts.append(leaf) }
        #expect(parts == whole)
    }

    @Test func `digests are bytes and back`() throws {
        let bytes = (0..<32).map { UInt8($0 * 7) }
        let digest = try #require(Digest(bytes))
        #expect(digest.bytes == bytes)
        #expect(digest.hex.hasPrefix("00070e15"))
        #expect(Base64.decode(digest.base64) == bytes)
        #expect(Digest(bytes.dropLast()) == nil)
        #expect(Digest(bytes + [0]) == nil)
        var stream = DigestStream()
        stream.append(Array(bytes[..<5]))
        stream.append(Array(bytes[5...]))
        #expect(stream.digest == Digest.of(bytes))
    }

    @Test func `tiles are named as in tlog tiles`() {
        #expect(Tile.path(level: 0, 0) == "tile/0/000")
        #expect(Tile.path(level: 2, 999) == "tile/2/999")
        #expect(Tile.bundlePath(1000) == "tile/entries/x001/000")
        #expect(Tile.path(level: 1, 1_234_067) == "tile/1/x001/x234/067")
        #expect(Tile.directories(of: "tile/1/x001/x234/067") == ["tile/1/x001/x234", "tile/1/x001", "tile/1", "tile"])
    }
}
