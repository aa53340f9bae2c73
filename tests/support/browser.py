"""How Chromium is started in tests: headless, quiet, asking nothing of the world; and how keys are typed in it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from playwright.async_api import CDPSession, Page

BROWSER_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# All in one task of the page, each key with a time of its own: no machine is too busy to keep this rhythm.
TYPE_AT_ONCE = """(codes) => {
  const keys = codes.flatMap((code) => [...code, "Enter"]);
  let at = performance.now() - keys.length / 2;
  for (const key of keys) {
    at += 0.5;
    for (const kind of ["keydown", "keyup"]) {
      const event = new KeyboardEvent(kind, { key, code: key, bubbles: true, cancelable: true });
      Object.defineProperty(event, "timeStamp", { value: at });
      (document.activeElement ?? document.body).dispatchEvent(event);
    }
  }
}"""

KEYS = {"Enter": ("Enter", 13, "\r"), "Tab": ("Tab", 9, ""), "F8": ("F8", 119, "")}


async def type_keys(cdp: CDPSession, keys: Sequence[str | int], gap_ms: int, after_s: float = 0) -> float:
    """Real keys with exact times, not waiting for each other, so that a busy machine keeps the rhythm.

    A number among the keys is a longer pause in ms. No key is dated before `after_s`; returns the time of the last.
    """
    at_s = max(time.time(), after_s)
    events = []
    for key in keys:
        at_s += (key if isinstance(key, int) else gap_ms) / 1000
        if isinstance(key, int):
            continue
        code, virtual, text = KEYS.get(key, ("", ord(key[0].upper()), key))
        common = {
            "key": key,
            "code": code or f"Key{ord(key):X}",
            "windowsVirtualKeyCode": virtual,
            "timestamp": at_s,
        }
        events.append({"type": "keyDown" if text else "rawKeyDown", "text": text, **common})
        events.append({"type": "keyUp", **common})
    await asyncio.gather(*(cdp.send("Input.dispatchKeyEvent", event) for event in events))
    return at_s


async def type_at_once(page: Page, *codes: str) -> None:
    """Whole codes as a scanner types them, each ended by Enter, on however busy a machine."""
    await page.evaluate(TYPE_AT_ONCE, codes)
