"""How the process looks for garbage (hardly ever, since facts, views and answers have no cycles) and shares time."""

from __future__ import annotations

import gc
import sys

YOUNG = 20_000
"""New objects before the first look. The default of 700 spent a fifth of each command's time looking."""

TURN_S = 0.0005
"""After so long a thread that computes lets another one go on. With the default of 5 ms the event loop stood still
for that long while the writer decided a full batch."""


def settle() -> None:
    """Once everything is imported: leave that alone for good, and look at the rest rarely."""
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 50)
    gc.enable()
    sys.setswitchinterval(TURN_S)
