"""What stands for a PIN: Argon2id, or scrypt as our own HQ makes it. A PIN itself is kept nowhere."""

from __future__ import annotations

import hashlib
import hmac

MEMORY_KIB, TIMES, LANES = 19_456, 2, 1
"""Argon2id as OWASP advises it for 19 MiB: 48 ms of one core."""
MOST_MEMORY = 64 * 1024 * 1024
"""Bytes that checking one PIN may take, whatever a bundle asks for."""
MOST_TIMES = 16
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGF0IGFsbCAhIQ$Nus7cmW3EhdPqEz1W9yjKoGJxeZBxPj+4OSKXM6uP1A"
"""Stands for the PIN of somebody who is not known, so that guessing badges takes as long as guessing PINs."""


def make(pin: str) -> str:
    """What stands for a PIN in edge.toml: `$argon2id$…`, salted anew each time."""
    from argon2 import PasswordHasher  # noqa: PLC0415 -- a start of the agent does not need it

    return PasswordHasher(time_cost=TIMES, memory_cost=MEMORY_KIB, parallelism=LANES).hash(pin)


def fits(kept: str, pin: str) -> bool:
    """Whether this is the PIN. False as well for what stands for none. Takes 50 ms of a core: call it in a thread."""
    return _fits_scrypt(kept, pin) if kept.startswith("scrypt$") else _fits_argon2(kept, pin)


def _fits_argon2(kept: str, pin: str) -> bool:
    from argon2 import PasswordHasher, extract_parameters  # noqa: PLC0415 -- as above
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 -- as above

    try:
        asked = extract_parameters(kept)
        if asked.memory_cost * 1024 > MOST_MEMORY or asked.time_cost > MOST_TIMES:
            return False
        return PasswordHasher().verify(kept, pin)
    except (InvalidHashError, VerificationError):
        return False


def _fits_scrypt(kept: str, pin: str) -> bool:
    """`scrypt$n$r$p$salt$hash`, salt and hash as hex."""
    try:
        _, n, r, p, salt, wanted = kept.split("$")
        made = hashlib.scrypt(
            pin.encode(), salt=bytes.fromhex(salt), n=int(n), r=int(r), p=int(p), maxmem=MOST_MEMORY, dklen=32
        )
        return hmac.compare_digest(made, bytes.fromhex(wanted))
    except (ValueError, MemoryError):
        return False
