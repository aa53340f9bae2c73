"""Bundles of badges as HQ signs them, and a clock that only a test moves."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from local_store.clock import timestamp
from local_store.domain.badges import Signed, key_id

KEY = bytes(range(32))
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
NOW_MS = 1_800_000_000_000


@dataclass
class Hands:
    """The clock of a station that somebody may set (`wall`), may switch off (`reboot`), and that runs by `pass_`."""

    wall: int = NOW_MS
    mono: int = 1_000
    boot: str = "boot-1"

    def wall_ms(self) -> int:
        return self.wall

    def mono_ms(self) -> int:
        return self.mono

    def pass_(self, ms: int) -> None:
        """Time passes."""
        self.wall, self.mono = self.wall + ms, self.mono + ms

    def reboot(self, off_ms: int = 0) -> None:
        """The machine is started anew after so long."""
        self.wall, self.mono, self.boot = self.wall + off_ms, 1_000, f"{self.boot}+"


def person(ident: str, *roles: str, pin_hash: str | None = None, **of: Any) -> dict[str, Any]:
    """Somebody as HQ names them in a bundle."""
    badge = f"BADGE-{ident.upper()}"
    return {
        "worker_id": ident,
        "badge_id": badge,
        "name": ident.title(),
        "roles": list(roles),
        "pin_hash": pin_hash,
        **of,
    }


def signed(
    *people: dict[str, Any],
    issued_ms: int = NOW_MS,
    days: int = 7,
    key: bytes = KEY,
    warehouse_id: str | None = None,
    **of: str,
) -> Signed:
    """A bundle of these people, signed with `key`, good for so many days; `of` spoils it."""
    text = json.dumps(
        {
            "issued_at": timestamp(issued_ms),
            "expires_at": timestamp(issued_ms + days * DAY_MS),
            "warehouse_id": warehouse_id,
            "workers": people,
        }
    )
    made = {
        "bundle": text,
        "signature": hmac.new(key, text.encode(), hashlib.sha256).hexdigest(),
        "key_id": key_id(key),
    }
    return Signed.model_validate(made | of)
