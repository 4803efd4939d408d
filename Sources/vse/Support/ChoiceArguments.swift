public import ArgumentParser
public import Downloads
public import ImageFeatures
public import Retrieval
public import Tensors
public import VisualSemanticEmbedding

// Closed choices of the library as options of the command line; their raw values are what one types.

extension Precision: ExpressibleByArgument {}
extension Dataset.Split: ExpressibleByArgument {}
extension Recipe: ExpressibleByArgument {}
extension RankingLoss: ExpressibleByArgument {}
extension AdamForm: ExpressibleByArgument {}
extension TrainingOptions.RateSchedule: ExpressibleByArgument {}
extension TrainingOptions.Batching: ExpressibleByArgument {}
extension ModelConfiguration.Encoder: ExpressibleByArgument {}
extension ModelConfiguration.Pooling: ExpressibleByArgument {}
extension TokenDistribution: ExpressibleByArgument {}
extension PublishedFile: ExpressibleByArgument {}
extension IndexItem.Kind: ExpressibleByArgument {}
extension CaptionSourceKind: ExpressibleByArgument {}
extension CaptionTokenization: ExpressibleByArgument {}
extension RestvalUse: ExpressibleByArgument {}
extension RepeatedCaptions: ExpressibleByArgument {}
extension IncompleteImages: ExpressibleByArgument {}
extension FeatureRows: ExpressibleByArgument {}

extension SplitSize: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
extension ConvolutionalNetwork.VGGLayer: ExpressibleByArgument {}
extension ConvolutionPadding: ExpressibleByArgument {}
extension Preprocessing.Name: ExpressibleByArgument {}
extension TruncatedPhotos: ExpressibleByArgument {}
