internal import Foundation

/// A number of bytes for people: "17 bytes", "1.2 kB", "237.4 MB", in powers of 1000.
package func byteText(_ count: Int) -> String {
  guard count >= 1000 else { return count == 1 ? "1 byte" : "\(count) bytes" }
  var value = Double(count)
  var unit = ""
  for next in ["kB", "MB", "GB", "TB"] where value >= 999.95 || unit.isEmpty {
    value /= 1000
    unit = next
  }
  return String(format: "%.1f %@", value, unit)
}
