import Foundation

/// Why a pickle cannot be read or written. Offsets are in bytes from the beginning of the file, or of the entry
/// of an archive that the path names.
package enum PickleError: Error, Equatable, Sendable {
  /// The file cannot be opened, mapped or written.
  case file(FileError)
  /// The pickle is damaged, or holds what is not understood.
  case invalid(path: String, offset: Int, fault: PickleFault)
  /// A value is of a kind that is not written, or there are too many of them.
  case cannotWrite(path: String, what: String)
}

extension PickleError: CustomStringConvertible, LocalizedError {
  package var errorDescription: String? { description }

  package var description: String {
    switch self {
    case .file(let error): error.description
    case .invalid(let path, let offset, let fault): "\(quoted(path)), offset \(offset): \(fault.text)"
    case .cannotWrite(let path, let what): "cannot write \(quoted(path)): \(what)"
    }
  }
}
