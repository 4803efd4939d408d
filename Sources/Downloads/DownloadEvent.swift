/// What a download reports while it runs.
public enum DownloadEvent: Sendable, Equatable {
  /// Bytes begin to come from `address`; `kept` of them are here from before. The total may not be known.
  case fetching(address: String, kept: Int, total: Int?)
  /// The host says that the file is elsewhere.
  case redirected(address: String)
  /// So many bytes are here.
  case received(Int, total: Int?)
  /// What was kept from before is of no use.
  case startingOver(StartingOver)
  /// The next of at most `limit` attempts begins after a pause.
  case retrying(reason: String, attempt: Int, limit: Int, pause: Duration)
  /// A file of this machine is used as it is; nothing is fetched.
  case using(path: String)
  /// So many bytes of a file of this machine are copied.
  case copied(Int, total: Int)
  /// So many bytes have been read again to compute their SHA-256.
  case hashed(Int, total: Int)
  /// An archive is going to give so many files and bytes.
  case unpacking(files: Int, bytes: Int)
  /// So many bytes are unpacked.
  case unpacked(Int, total: Int)

  /// Why a download begins anew.
  public enum StartingOver: Sendable, Equatable {
    /// The host has another file than before.
    case changed
    /// The host sends whole files only.
    case unsupported
    /// What is kept came from another address.
    case otherAddress(String)
    /// The host gave nothing by which its file could be told from another one.
    case unmarked
  }
}
