"""One file per wire format: bytes in, values out. A bad frame is a value too."""
