"""How long a test waits for what must come: only a fault is slower, on the busiest machine."""

from __future__ import annotations

import os

PATIENCE_S = float(os.environ.get("EDGE_PATIENCE_S", "60"))
"""Planted faults are looked for with less (tests/mutants), because there the wait is in vain."""
