"""How Chromium is started in tests: headless, quiet, and asking nothing of the world."""

from __future__ import annotations

BROWSER_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
