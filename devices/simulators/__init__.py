"""The far end of every protocol, byte-exact, with faults on demand, over a real pty or socket."""
