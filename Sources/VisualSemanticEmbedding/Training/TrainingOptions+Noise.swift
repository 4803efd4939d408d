extension TrainingOptions {
  /// What an update drops and disturbs.
  var noise: TrainingNoise {
    TrainingNoise(
      words: dropoutWords, layers: dropoutLayers, output: dropoutOutput, features: dropoutFeatures,
      featureDeviation: featureNoise)
  }
}
