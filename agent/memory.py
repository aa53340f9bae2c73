"""How the process looks for garbage: hardly ever, since facts, views and answers have no cycles."""

from __future__ import annotations

import gc

YOUNG = 20_000
"""New objects before the first look. The default of 700 spent a fifth of each command's time looking."""


def settle() -> None:
    """Once everything is imported: leave that alone for good, and look at the rest rarely."""
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 50)
    gc.enable()
