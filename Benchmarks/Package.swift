// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
]

let package = Package(
    name: "tap-benchmarks",
    targets: [
        .target(name: "CLinux"),
        .target(name: "TapCore", dependencies: ["CLinux"], swiftSettings: settings),

        .target(name: "CRig"),
        .executableTarget(name: "ring-bench", dependencies: ["TapCore", "CRig"], swiftSettings: settings),
    ],
    cxxLanguageStandard: .cxx20
)
