#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#else
  @preconcurrency import Darwin
#endif

/// The streams that the program was started with: standard input, output and error.
enum StandardStreams {
  /// Must come before any file is opened.
  static func prepare() {
    // A stream that is closed (2>&-) would lend its number to the next file that is opened, and what is
    // printed would go into that file.
    for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY)
    }
    // A line at a time, so that answers and progress keep their order where both go to one log.
    setvbuf(stdout, nil, _IOLBF, 0)
  }

  /// Whether all that was printed has reached standard output.
  static func outputIsWritten() -> Bool {
    fflush(stdout) == 0 && ferror(stdout) == 0
  }
}
