public import ArgumentParser
public import Downloads
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
