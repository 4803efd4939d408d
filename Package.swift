// swift-tools-version: 6.2

import PackageDescription

// `make lint` sets the variable. It is not always on: treating warnings as errors would break packages that
// depend on this one.
let warningsAsErrors = Context.environment["VSE_WARNINGS_AS_ERRORS"] == "1"

let swiftSettings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
  ] + (warningsAsErrors ? [.treatAllWarnings(as: .error)] : [])

let cSettings: [CSetting] =
  [.enableWarning("all"), .enableWarning("extra")] + (warningsAsErrors ? [.treatAllWarnings(as: .error)] : [])

let cxxSettings: [CXXSetting] =
  [.enableWarning("all"), .enableWarning("extra")] + (warningsAsErrors ? [.treatAllWarnings(as: .error)] : [])

let package = Package(
  name: "vse",
  platforms: [.macOS(.v26)],  // Array.span
  products: [
    .executable(name: "vse", targets: ["vse"]),
    .library(name: "VisualSemanticEmbedding", targets: ["VisualSemanticEmbedding"]),
    .library(name: "Retrieval", targets: ["Retrieval"]),
    .library(name: "ImageFeatures", targets: ["ImageFeatures"]),
    // Types of these two stand in the interfaces of the others.
    .library(name: "Tensors", targets: ["Tensors"]),
    .library(name: "DataFormats", targets: ["DataFormats"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.0.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
  ],
  targets: [
    .target(name: "CNeural", cSettings: cSettings, linkerSettings: [.linkedLibrary("dnnl")]),
    .target(name: "CKernels", cSettings: cSettings),
    // libcurl is not linked: CCurl looks it up when it is needed.
    .target(name: "CCurl", cSettings: cSettings),
    // libvips is not linked either: CImaging looks it up when a photo comes.
    .target(name: "CImaging", cSettings: cSettings),
    // hnswlib is headers only, in the system's folders.
    .target(name: "CHNSW", dependencies: ["CKernels"], cxxSettings: cxxSettings),
    .target(name: "CLibzip", cSettings: cSettings, linkerSettings: [.linkedLibrary("zip")]),
    .target(name: "Tensors", dependencies: ["CNeural", "CKernels"], swiftSettings: swiftSettings),
    .target(name: "DataFormats", dependencies: ["CLibzip"], swiftSettings: swiftSettings),
    .target(
      name: "VisualSemanticEmbedding", dependencies: ["Tensors", "DataFormats"], swiftSettings: swiftSettings),
    .target(
      name: "Retrieval",
      dependencies: [
        "VisualSemanticEmbedding", "Tensors", "DataFormats", "CHNSW", "CKernels",
        .product(name: "GRDB", package: "GRDB.swift"),
      ], swiftSettings: swiftSettings),
    .target(name: "Downloads", dependencies: ["DataFormats", "CCurl"], swiftSettings: swiftSettings),
    .target(
      name: "ImageFeatures", dependencies: ["Tensors", "DataFormats", "CImaging", "CNeural"],
      swiftSettings: swiftSettings),
    .target(
      name: "Galleries", dependencies: ["Retrieval", "VisualSemanticEmbedding", "Tensors", "DataFormats"],
      swiftSettings: swiftSettings),
    .target(
      name: "EmbeddingServer",
      dependencies: [
        "Retrieval", "ImageFeatures", "VisualSemanticEmbedding", "Tensors", "DataFormats",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
      ],
      resources: [.embedInCode("Page"), .embedInCode("API/openapi.json")], swiftSettings: swiftSettings),
    // What vse demo draws.
    .target(name: "MadeUpWorld", dependencies: ["Tensors"], swiftSettings: swiftSettings),
    .executableTarget(
      name: "vse",
      dependencies: [
        "VisualSemanticEmbedding", "Retrieval", "ImageFeatures", "Galleries", "Downloads", "EmbeddingServer",
        "MadeUpWorld", "Tensors", "DataFormats",
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: swiftSettings),
    .target(
      name: "TestSupport", dependencies: ["DataFormats"], path: "Tests/TestSupport",
      swiftSettings: swiftSettings),
    .target(
      name: "FormatFuzzing",
      dependencies: ["DataFormats", "ImageFeatures", "VisualSemanticEmbedding", "TestSupport"],
      path: "Tests/FormatFuzzing",
      swiftSettings: swiftSettings),
    .target(name: "CAllocationMeter", path: "Tests/CAllocationMeter", cSettings: cSettings),
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "FormatFuzzing", "CAllocationMeter", "DataFormats",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Tests/Fuzz", swiftSettings: swiftSettings),
    .executableTarget(
      name: "run-network",
      dependencies: [
        "ImageFeatures", "Tensors", "DataFormats",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Tests/NetworkRunner", swiftSettings: swiftSettings),
    .testTarget(
      name: "DataFormatsTests", dependencies: ["DataFormats", "TestSupport", "FormatFuzzing"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "RetrievalTests",
      dependencies: [
        "Retrieval", "VisualSemanticEmbedding", "Tensors", "DataFormats", "TestSupport",
        .product(name: "GRDB", package: "GRDB.swift"),
      ], swiftSettings: swiftSettings),
    .testTarget(
      name: "EmbeddingServerTests",
      dependencies: [
        "EmbeddingServer", "Retrieval", "ImageFeatures", "VisualSemanticEmbedding", "Tensors", "DataFormats",
        "TestSupport",
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: swiftSettings),
    .testTarget(
      name: "TensorsTests", dependencies: ["Tensors", "CKernels", "DataFormats", "TestSupport"],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "ImageFeaturesTests",
      dependencies: ["ImageFeatures", "CNeural", "Tensors", "DataFormats", "TestSupport", "FormatFuzzing"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "DownloadsTests", dependencies: ["Downloads", "DataFormats", "TestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "VisualSemanticEmbeddingTests",
      dependencies: ["VisualSemanticEmbedding", "Tensors", "DataFormats", "TestSupport", "FormatFuzzing"],
      swiftSettings: swiftSettings),
    // The lines of the README's section "In a Swift program", to be compiled and run.
    .executableTarget(
      name: "readme-example", dependencies: ["Retrieval"], path: "Tests/ReadmeExample",
      swiftSettings: swiftSettings),
    // The code of the articles of the documentation.
    .executableTarget(
      name: "photo-search-example", dependencies: ["Retrieval", "ImageFeatures", "VisualSemanticEmbedding"],
      path: "Tests/PhotoSearchExample", swiftSettings: swiftSettings),
    .executableTarget(
      name: "documentation-examples", dependencies: ["Retrieval", "VisualSemanticEmbedding", "Tensors"],
      path: "Tests/DocumentationExamples", swiftSettings: swiftSettings),
    .testTarget(
      name: "GalleriesTests",
      dependencies: [
        "Galleries", "Retrieval", "VisualSemanticEmbedding", "Tensors", "DataFormats", "TestSupport",
      ],
      swiftSettings: swiftSettings),
    .testTarget(name: "MadeUpWorldTests", dependencies: ["MadeUpWorld"], swiftSettings: swiftSettings),
    .testTarget(
      name: "vseTests",
      dependencies: [
        "vse", "readme-example", "photo-search-example", "documentation-examples", "MadeUpWorld",
        "ImageFeatures",
        "DataFormats", "TestSupport",
      ], swiftSettings: swiftSettings),
  ],
  cLanguageStandard: .c17,
  cxxLanguageStandard: .cxx17
)
