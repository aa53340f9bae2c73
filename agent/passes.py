"""One-time codes for whoever looks after this machine, and the passes they are swapped for.

A code is told on a terminal of this machine. Codes and passes are kept in memory: a restart ends them all.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from typing import NamedTuple

CODE_S = 600.0
TRIES = 5
"""A code of 40 bits that is gone after five wrong tries is not guessed."""
IDLE_S, LONGEST_S = 1800.0, 8 * 3600.0
MOST_PASSES = 8
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_HALF = 4


class _Pass(NamedTuple):
    until: float
    used: float


class Passes:
    """`now` gives monotonic seconds: no clock that is set makes a code or a pass last longer."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._code, self._until, self._tries = "", 0.0, 0
        self._held: dict[str, _Pass] = {}

    def offer(self) -> str:
        """A new code, good once and for ten minutes; the one before works no more."""
        letters = "".join(secrets.choice(_ALPHABET) for _ in range(2 * _HALF))
        self._code, self._until, self._tries = letters, self._now() + CODE_S, 0
        return f"{letters[:_HALF]}-{letters[_HALF:]}"

    @property
    def waits(self) -> bool:
        """Whether there is a code that could be shown now."""
        return bool(self._code) and self._now() < self._until and self._tries < TRIES

    @property
    def in_use(self) -> bool:
        """Whether somebody holds a pass that works."""
        self._forget_old()
        return bool(self._held)

    def swap(self, code: str) -> str | None:
        """The pass for the code, once; None for a wrong one."""
        if not self.waits:
            return None
        self._tries += 1
        shown = "".join(each for each in code.upper() if each.isalnum())
        if not _equal(shown, self._code):
            return None
        self._code = ""
        self._forget_old()
        if len(self._held) >= MOST_PASSES:
            del self._held[min(self._held, key=lambda each: self._held[each].used)]
        secret, now = f"pass.{secrets.token_urlsafe(32)}", self._now()
        self._held[secret] = _Pass(now + LONGEST_S, now)
        return secret

    def holds(self, secret: str) -> bool:
        """Whether this pass works; it is in use from now on."""
        self._forget_old()
        found = next((each for each in self._held if _equal(each, secret)), None)
        if found is None:
            return False
        self._held[found] = self._held[found]._replace(used=self._now())
        return True

    def _forget_old(self) -> None:
        now = self._now()
        self._held = {
            secret: each for secret, each in self._held.items() if now < each.until and now - each.used < IDLE_S
        }


def _equal(one: str, other: str) -> bool:
    """In the same time for every wrong one; a header may hold half characters."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
