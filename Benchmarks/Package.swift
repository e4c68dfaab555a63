// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
]

// tap offers a program and no library, so its modules are compiled here once more, from links to their folders.
let package = Package(
    name: "tap-benchmarks",
    products: [
        // Loaded into programs by LD_PRELOAD, never linked.
        .library(name: "PreloadChip", type: .dynamic, targets: ["PreloadChip"])
    ],
    dependencies: [.package(url: "https://github.com/apple/swift-crypto", from: "4.5.2")],
    targets: [
        .target(name: "CLinux"),
        .target(name: "TapCore", dependencies: ["CLinux"], swiftSettings: settings),
        .systemLibrary(name: "CLibgpiod", pkgConfig: "libgpiod", providers: [.apt(["libgpiod-dev"])]),
        .target(name: "CGpiod", dependencies: ["CLibgpiod"], cSettings: [.define("TAP_GPIOD")]),
        .target(name: "CIIO"),
        .target(
            name: "TapDriver", dependencies: ["TapCore", "CLinux", "CGpiod", "CIIO"],
            swiftSettings: settings + [.define("Gpiod")]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .target(name: "TapConfig", dependencies: ["TapCore", "CYAML"], swiftSettings: settings),
        .target(name: "TapDecode", dependencies: ["TapCore"], swiftSettings: settings),
        .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .target(name: "TapFormats", dependencies: ["TapCore", "CLinux", "TapDecode", "CZip"], swiftSettings: settings),
        .target(name: "TapSim", dependencies: ["TapCore", "TapConfig", "TapDecode"], swiftSettings: settings),
        .target(name: "TapFuzz", dependencies: ["TapCore", "TapConfig", "TapSim"], swiftSettings: settings),

        .executableTarget(
            name: "plant-bench", dependencies: ["TapCore", "TapConfig", "TapSim"], swiftSettings: settings),

        .executableTarget(
            name: "wave-bench", dependencies: ["TapCore", "TapConfig", "TapFormats", "TapSim"], swiftSettings: settings),

        .target(
            name: "TapRecord", dependencies: ["TapCore", "CLinux", .product(name: "Crypto", package: "swift-crypto")],
            exclude: ["record.proto"], swiftSettings: settings),
        .executableTarget(
            name: "record-bench", dependencies: ["TapCore", "TapConfig", "TapFormats", "TapSim", "TapRecord"],
            swiftSettings: settings),

        // boost::lockfree is Debian's libboost-dev.
        .target(name: "CRig"),
        .executableTarget(name: "ring-bench", dependencies: ["TapCore", "CRig"], swiftSettings: settings),

        .target(name: "TapWatch", dependencies: ["TapCore", "TapConfig"], swiftSettings: settings),
        .executableTarget(
            name: "watch-bench", dependencies: ["TapCore", "TapConfig", "TapWatch"], swiftSettings: settings),

        .executableTarget(name: "sim-fuzz", dependencies: ["TapFuzz"], swiftSettings: settings),

        // Must work under programs that carry a Swift runtime of their own: without one itself.
        .target(
            name: "PreloadChip",
            linkerSettings: [.unsafeFlags(["-nostartfiles", "-static-stdlib"])]),
        .target(name: "CEdgeLoop", dependencies: ["CLibgpiod"]),
        .executableTarget(
            name: "gpio-bench",
            dependencies: ["TapCore", "TapConfig", "TapDriver", "TapRecord", "TapSim", "CEdgeLoop", "CLinux"],
            swiftSettings: settings),
    ],
    cxxLanguageStandard: .cxx20
)
