"""A bundle of badges: who may sign in while HQ is away, signed by HQ and good until it expires. Pure.

The signature is HMAC-SHA256 over the text of the bundle with the badge key of the site.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Annotated, Literal, NamedTuple, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from local_store.domain.site import ROLES
from local_store.domain.words import LANGUAGES

MOST_PEOPLE = 5000
MAX_BUNDLE = 4 * 1024 * 1024
"""Characters of the text: 5000 people need a quarter of it."""
STALE_MS = 6 * 3_600_000
"""A bundle with the same people is taken again only when it is newer by so much: it changes nothing but the end."""
WARN_MS = 2 * 24 * 3_600_000
"""So long before its end people are warned."""

Refusal = Literal["key", "signature", "form", "warehouse", "doubled", "older", "expired"]


def _known_roles(roles: object) -> object:
    """A role that this agent does not know gives nothing."""
    return [each for each in roles if each in ROLES] if isinstance(roles, list) else roles


def _known_language(language: object) -> object:
    """Who speaks a language that this agent does not know is told in the language of the station."""
    return language if language in LANGUAGES else None


Text = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class Person(BaseModel):
    """One person of a bundle. `pin_hash` is Argon2id, or scrypt as our own HQ makes it; None: no PIN was given."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)
    worker_id: Text
    badge: Annotated[str, StringConstraints(min_length=1, max_length=60)] = Field(alias="badge_id")
    name: Annotated[str, StringConstraints(max_length=120)] = ""
    roles: Annotated[tuple[str, ...], BeforeValidator(_known_roles), Field(max_length=20)] = ()
    pin_hash: Annotated[str, StringConstraints(max_length=300)] | None = None
    language: Annotated[str | None, BeforeValidator(_known_language)] = None


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)
    issued_at: datetime
    expires_at: datetime
    warehouse_id: str | None = None
    workers: Annotated[tuple[Person, ...], Field(max_length=MOST_PEOPLE)]


class Signed(BaseModel):
    """A bundle as HQ gives it: the text that was signed, and by which key."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)
    bundle: Annotated[str, StringConstraints(min_length=2, max_length=MAX_BUNDLE)]
    signature: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    key_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]


class Bundle(NamedTuple):
    """A bundle whose signature was right."""

    key_id: str
    issued_ms: int
    expires_ms: int
    people: tuple[Person, ...]


class Held(NamedTuple):
    """What is known of the bundle that is kept, times in milliseconds since 1970."""

    key_id: str
    issued_ms: int
    expires_ms: int


class BundleRefused(Exception):  # noqa: N818 -- why a bundle cannot be used
    """A bundle that is not taken."""

    def __init__(self, reason: Refusal) -> None:
        assert reason in get_args(Refusal)
        super().__init__(reason)
        self.reason: Refusal = reason


def key_id(key: bytes) -> str:
    """What a key is called where it must not be said itself."""
    return hashlib.sha256(key).hexdigest()[:16]


def read(signed: Signed, key: bytes, warehouse_id: str) -> Bundle:
    """A bundle whose signature is right and which is for this warehouse. Raises BundleRefused."""
    made = hmac.new(key, signed.bundle.encode(), hashlib.sha256).hexdigest()
    if signed.key_id != key_id(key):
        raise BundleRefused("key")
    if not hmac.compare_digest(made, signed.signature):
        raise BundleRefused("signature")
    try:
        told = _Told.model_validate_json(signed.bundle)
    except ValidationError as error:
        raise BundleRefused("form") from error
    if told.issued_at.tzinfo is None or told.expires_at.tzinfo is None:
        raise BundleRefused("form")
    if told.warehouse_id not in {None, warehouse_id}:
        raise BundleRefused("warehouse")
    for member in ("worker_id", "badge"):
        if len({getattr(each, member) for each in told.workers}) != len(told.workers):
            raise BundleRefused("doubled")
    return Bundle(signed.key_id, _ms(told.issued_at), _ms(told.expires_at), told.workers)


def check_age(bundle: Bundle, held: Held | None, now_ms: int) -> None:
    """Refuse one that is over, or older than the one that is kept. Raises BundleRefused."""
    if held is not None and bundle.issued_ms < held.issued_ms:
        raise BundleRefused("older")
    if bundle.expires_ms <= max(now_ms, bundle.issued_ms):
        raise BundleRefused("expired")


def _ms(moment: datetime) -> int:
    since = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000
