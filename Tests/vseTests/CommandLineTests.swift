import Testing

/// Tests of the built executable. One at a time: each process computes with all cores.
@Suite(.serialized) enum CommandLineTests {}
