"""Which replies are final and when the others are worth another try (hq_contracts 0.2, reliability 4.3)."""

from __future__ import annotations

import random
from datetime import UTC
from email.utils import parsedate_to_datetime

from sync.dialect import Answer, NoAnswer, Outcome, Reply

FIRST_MS, LONGEST_MS = 1_000, 300_000
"""Bounds of the jittered wait before a repeat."""
LONGEST_RETRY_AFTER_MS = 15 * 60_000
AUTH_PAUSE_MS = 60_000
"""How long a lane rests after its key was refused, before it tries again."""

WAIT_STATUSES = frozenset({408, 423, 425, 429})
AWAY_STATUSES = frozenset({502, 503, 504})
"""What a proxy says when nobody is behind it."""


def classify(reply: Reply) -> Outcome:
    """The class of a reply by its status alone; a dialect may know better (409 for what is so already)."""
    if isinstance(reply, NoAnswer):
        return Outcome.AMBIG if reply.sent else Outcome.WAIT
    if 200 <= reply.status < 300:  # noqa: PLR2004 -- the class of success
        return Outcome.OK
    if reply.status == 401:  # noqa: PLR2004
        return Outcome.AUTH
    if reply.status in WAIT_STATUSES or reply.status >= 500:  # noqa: PLR2004 -- the class of HQ's own faults
        return Outcome.WAIT
    return Outcome.DEAD


def is_away(reply: Reply) -> bool:
    """Whether the reply suggests that HQ cannot be reached at all, so that other requests would fail too."""
    return isinstance(reply, NoAnswer) or reply.status in AWAY_STATUSES


def delay_ms(attempts: int, reply: Reply, now_ms: int, chance: random.Random) -> int:
    """How long to wait before the next try, after `attempts` earlier ones.

    Full jitter, 1 s to 300 s; at least what HQ asked for in Retry-After, of which at most 15 minutes count.
    """
    jitter = chance.randint(FIRST_MS, min(LONGEST_MS, FIRST_MS << min(attempts + 1, 10)))
    asked = _retry_after_ms(reply.retry_after, now_ms) if isinstance(reply, Answer) else 0
    return max(jitter, asked)


def _retry_after_ms(text: str | None, now_ms: int) -> int:
    """Seconds or an HTTP date (RFC 9110 10.2.3) as milliseconds from now; 0 for none or one that cannot be read."""
    value = (text or "").strip()
    if value.isascii() and value.isdigit():
        seconds = int(value[:6])
        return min(seconds * 1000, LONGEST_RETRY_AFTER_MS)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return 0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(0, int(moment.timestamp() * 1000) - now_ms), LONGEST_RETRY_AFTER_MS)
