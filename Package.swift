// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors in CI only: a newer compiler's new warning must not stop a user's build.
let isStrict = Context.environment["TAP_WARNINGS_AS_ERRORS"] != nil
let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .strictMemorySafety(),
    ] + (isStrict ? [.treatAllWarnings(as: .error)] : [])

// A C target is compiled even where its trait is off, so its files are guarded by these.
let gpiod: [CSetting] = [.define("TAP_GPIOD", .when(traits: ["Gpiod"]))]
let iio: [CSetting] = [.define("TAP_IIO", .when(traits: ["IIO"]))]

let package = Package(
    name: "tap",
    products: [
        .executable(name: "tap", targets: ["tap"]),
        .executable(name: "tap-bench", targets: ["tap-bench"]),
    ],
    traits: [
        .trait(name: "Gpiod", description: "Read digital lines through libgpiod."),
        .trait(name: "IIO", description: "Read ADC channels through libiio."),
        .default(enabledTraits: ["Gpiod", "IIO"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        // What Linux has and Swift's Glibc module does not show.
        .target(name: "CLinux"),
        .target(name: "TapCore", dependencies: ["CLinux"], swiftSettings: settings),

        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .target(name: "TapConfig", dependencies: ["TapCore", "CYAML"], swiftSettings: settings),
        .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        // Serial and network codecs, encoder beside decoder.
        .target(name: "TapDecode", dependencies: ["TapCore"], swiftSettings: settings),
        .target(
            name: "TapFormats", dependencies: ["TapCore", "CLinux", "TapDecode", "CZip"], swiftSettings: settings),

        .systemLibrary(name: "CLibgpiod", pkgConfig: "libgpiod", providers: [.apt(["libgpiod-dev"])]),
        .target(
            name: "CGpiod", dependencies: [.target(name: "CLibgpiod", condition: .when(traits: ["Gpiod"]))],
            cSettings: gpiod),
        .systemLibrary(name: "CLibiio", pkgConfig: "libiio", providers: [.apt(["libiio-dev"])]),
        .target(
            name: "CIIO", dependencies: [.target(name: "CLibiio", condition: .when(traits: ["IIO"]))],
            cSettings: iio),
        .target(
            name: "TapDriver", dependencies: ["TapCore", "CLinux", "CGpiod", "CIIO"], swiftSettings: settings),
        .target(name: "TapDoctor", dependencies: ["TapCore", "TapFormats", "TapDriver"], swiftSettings: settings),

        .target(name: "TapSim", dependencies: ["TapCore", "TapConfig", "TapDecode"], swiftSettings: settings),
        .target(name: "TapFuzz", dependencies: ["TapCore", "TapConfig", "TapSim"], swiftSettings: settings),
        // The black box: segments, log, keys, retention, reader, verifier.
        .target(
            name: "TapRecord", dependencies: ["TapCore", "CLinux", .product(name: "Crypto", package: "swift-crypto")],
            exclude: ["record.proto", "Proof/reader.py"], swiftSettings: settings),
        // An MQTT broker, by a client that can either publish or subscribe, through a library that is loaded when it is needed.
        .target(name: "CMosquitto"),
        .target(name: "TapBroker", dependencies: ["TapCore", "CMosquitto"], swiftSettings: settings),

        // What PLC, HMI and SCADA say.
        // Reading from a Modbus TCP server, through a library that is loaded when it is needed.
        .target(name: "CModbus"),
        // Hearing the packets of an interface, in a process that can send nothing.
        .target(name: "CPackets"),
        .target(
            name: "TapClaims",
            dependencies: [
                "TapCore", "TapConfig", "TapDecode", "TapFormats", "TapBroker", "CLinux", "CModbus", "CPackets",
            ],
            swiftSettings: settings),
        // Rules as formulas, and the monitors that decide them.
        .target(name: "TapWatch", dependencies: ["TapCore", "TapConfig"], swiftSettings: settings),
        // What a window shows, as a value.
        .target(
            name: "TapView", dependencies: ["TapCore", "TapConfig", "TapRecord", "TapWatch"], swiftSettings: settings),
        // From a plan to sources, rings, consumers and a result; nothing of terminals.
        .target(
            name: "TapSession",
            dependencies: ["TapCore", "TapConfig", "TapDecode", "TapFormats", "TapDriver", "TapSim", "TapClaims"],
            swiftSettings: settings),

        // One POST over HTTP or HTTPS, through a library that is loaded when it is needed.
        .target(name: "CCurl"),
        // Signatures of time stamps, through a library that is loaded when it is needed.
        .target(name: "COpenSSL"),
        .target(
            name: "TapServe",
            dependencies: [
                "TapCore", "TapConfig", "TapDecode", "TapSim", "TapRecord", "CCurl", "COpenSSL",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            exclude: ["Window/Page"], swiftSettings: settings),

        .target(
            name: "TapSend", dependencies: ["TapCore", "TapFormats", "TapServe", "TapBroker", "CLinux"],
            swiftSettings: settings),

        // What the command lines of both programs need.
        .target(
            name: "TapCommand",
            dependencies: [
                "TapCore", "TapConfig", "TapDriver", "TapSim",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "tap",
            dependencies: [
                "TapCommand", "TapCore", "TapConfig", "TapDecode", "TapFormats", "TapDriver", "TapDoctor", "TapSim",
                "TapFuzz", "TapRecord", "TapClaims", "TapWatch", "TapView", "TapSession", "TapServe", "TapBroker",
                "TapSend",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),

        // The one place that may drive a line: nothing above depends on it.
        .target(
            name: "CGpiodDrive", dependencies: [.target(name: "CLibgpiod", condition: .when(traits: ["Gpiod"]))],
            cSettings: gpiod),
        .target(
            name: "TapBench",
            dependencies: ["TapCore", "CLinux", "TapFormats", "TapDriver", "TapSim", "TapSession", "CGpiodDrive"],
            swiftSettings: settings),
        .executableTarget(
            name: "tap-bench",
            dependencies: [
                "TapCommand", "TapCore", "TapConfig", "TapFormats", "TapDriver", "TapSim", "TapSession", "TapBench",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),

        // One suite of cases that every source must pass.
        .target(
            name: "TapConformance", dependencies: ["TapCore", "CLinux"], path: "Tests/TapConformance",
            swiftSettings: settings),
        // What tests of several modules need.
        .target(name: "TestSupport", dependencies: ["TapCore"], path: "Tests/TestSupport", swiftSettings: settings),
        .testTarget(name: "TapCoreTests", dependencies: ["TapCore", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "TapConfigTests", dependencies: ["TapConfig", "TapCore", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "TapDecodeTests", dependencies: ["TapDecode", "TapCore", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "TapFormatsTests", dependencies: ["TapFormats", "TapDecode", "TapConformance", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "TapDriverTests", dependencies: ["TapDriver", "TapConformance", "TestSupport"],
            swiftSettings: settings),
        .testTarget(name: "TapDoctorTests", dependencies: ["TapDoctor", "TapDriver"], swiftSettings: settings),
        .testTarget(name: "TapBenchTests", dependencies: ["TapBench", "TapConfig"], swiftSettings: settings),
        .testTarget(
            name: "TapSimTests", dependencies: ["TapSim", "TapConfig", "TapDecode", "TapConformance", "CLinux"],
            swiftSettings: settings),
        .testTarget(
            name: "TapSessionTests",
            dependencies: [
                "TapSession", "TapClaims", "TapConfig", "TapCore", "TapDecode", "TapDriver", "TapFormats", "TapSim",
                "TestSupport",
            ], swiftSettings: settings),
        .testTarget(
            name: "TapRecordTests",
            dependencies: ["TapRecord", "TapFormats", "TapCore", "TapConformance", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "TapClaimsTests",
            dependencies: [
                "TapClaims", "TapConfig", "TapDecode", "TapFormats", "TapBroker", "TapCore", "CPackets", "TestSupport",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "TapWatchTests", dependencies: ["TapWatch", "TapConfig", "TapCore", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "TapViewTests",
            dependencies: ["TapView", "TapRecord", "TapWatch", "TapConfig", "TapCore", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "TapServeTests",
            dependencies: ["TapServe", "TapDecode", "TapSim", "TapDriver", "TapConformance", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "TapSendTests",
            dependencies: ["TapSend", "TapServe", "TapBroker", "TapFormats", "TapCore", "TestSupport"],
            swiftSettings: settings),
    ]
)

// What scripts/bench and scripts/check-fuzz build. Only there: boost::lockfree, to compare with, is Debian's libboost-dev.
if Context.environment["TAP_BENCHMARKS"] != nil {
    func benchmark(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
        .executableTarget(
            name: name, dependencies: dependencies, path: "Benchmarks/\(name)", swiftSettings: settings)
    }
    // Loaded into programs by LD_PRELOAD, never linked.
    package.products.append(.library(name: "PreloadChip", type: .dynamic, targets: ["PreloadChip"]))
    package.targets += [
        // Must work under programs that carry a Swift runtime of their own: without one itself.
        .target(
            name: "PreloadChip", path: "Benchmarks/PreloadChip",
            linkerSettings: [.unsafeFlags(["-nostartfiles", "-static-stdlib"])]),
        .target(name: "CEdgeLoop", dependencies: ["CLibgpiod"], path: "Benchmarks/CEdgeLoop"),
        .target(name: "CRig", path: "Benchmarks/CRig"),
        benchmark("ring-bench", ["TapCore", "CRig"]),
        benchmark(
            "gpio-bench", ["TapCore", "TapConfig", "TapDriver", "TapRecord", "TapSim", "CEdgeLoop", "CLinux"]),
        benchmark("plant-bench", ["TapCore", "TapConfig", "TapSim"]),
        benchmark("wave-bench", ["TapCore", "TapConfig", "TapFormats", "TapSim"]),
        benchmark("record-bench", ["TapCore", "TapConfig", "TapFormats", "TapSim", "TapRecord"]),
        benchmark("watch-bench", ["TapCore", "TapConfig", "TapWatch"]),
        benchmark("sim-fuzz", ["TapFuzz"]),
    ]
    package.cxxLanguageStandard = .cxx20
}
