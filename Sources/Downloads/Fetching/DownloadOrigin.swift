internal import Foundation

/// What is downloaded from where to where, for messages.
public struct DownloadOrigin: Sendable, Equatable {
  /// The address, without the password that it may have.
  public let address: String
  /// The name of the file at its source.
  public let fileName: String
  /// The folder that it goes to.
  public let folder: String

  init(address: String, fileName: String, folder: String) {
    self.address = Self.withoutPassword(address)
    self.fileName = fileName
    self.folder = folder
  }

  /// An address as it may be shown.
  static func withoutPassword(_ address: String) -> String {
    guard var components = URLComponents(string: address),
      components.password != nil || components.user != nil
    else { return address }
    components.user = nil
    components.password = nil
    return components.string ?? address
  }
}
