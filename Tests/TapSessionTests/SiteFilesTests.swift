import TapConfig
import TapCore
import TapSim
import Testing

struct SiteFilesTests {
    /// The sites that come with tap.
    private static let folder = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/sites"

    private static var names: [String] {
        SystemFile.names(in: folder, suffix: ".yaml").map { String($0.dropLast(5)) }
    }

    @Test(arguments: names)
    func `every site loads with its wires and is named like its file`(name: String) throws {
        let site = try SiteFile.load(path: "\(Self.folder)/\(name).yaml", plants: Plants.all)
        #expect(site.name == name)
        #expect(!site.rules.isEmpty)
    }

    @Test func `every wire of the pump station is watched`() throws {
        let site = try SiteFile.load(path: "\(Self.folder)/pump-station.yaml", plants: Plants.all)
        #expect(site.signals.count == 23)
        #expect(site.unwatched.signals.isEmpty)
        #expect(site.unwatched.tags.map(\.description) == ["hmi.ALM_LEVEL"])
    }
}
