#if os(Linux) && canImport(Glibc)
  import Glibc

  /// How long the threads of OpenMP wait busily for each other.
  ///
  /// By default GNU's OpenMP spins for milliseconds. On a machine that does anything else at the same time the
  /// spinning thread takes the core from the one it waits for: small models then train ten times slower. A
  /// short spin costs nothing on an idle machine. The variable is read when the library is loaded, before
  /// `main`, so the program starts itself once more with it set.
  enum ThreadWaiting {
    private static let spins = "1000"

    static func configure() {
      guard getenv("GOMP_SPINCOUNT") == nil, getenv("OMP_WAIT_POLICY") == nil else { return }
      guard setenv("GOMP_SPINCOUNT", spins, 1) == 0 else { return }
      var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
      // By its real name, so that it is shown as itself. Without /proc the program goes on as it is.
      guard readlink("/proc/self/exe", &path, Int(PATH_MAX)) > 0 else { return }
      execv(path, CommandLine.unsafeArgv)
    }
  }
#else
  enum ThreadWaiting {
    static func configure() {}
  }
#endif
