"""What the engine and the dialects agree on: the values that pass between them, and what a dialect must offer."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, Protocol
from uuid import UUID

from config.model import Hq
from local_store.domain.commands import Command
from local_store.outbox import FixedRequest, NewRequest, Promised

if TYPE_CHECKING:
    from sync.edge import EdgeHq


class Outcome(StrEnum):
    """What became of a request (hq_contracts 0.2)."""

    OK = "ok"  # HQ took it
    DUP = "dup"  # HQ had it already
    AUTH = "auth"  # HQ does not accept the key: the lane stops, not the fact
    WAIT = "wait"  # HQ did not take it now; the same request goes again later
    AMBIG = "ambig"  # nobody knows whether HQ took it; the same request with the same key finds out
    DEAD = "dead"  # HQ refuses it for good: a person decides


@dataclass(frozen=True, slots=True)
class Answer:
    """What HQ said. `body` is the JSON value, None where there is none."""

    status: int
    body: Any
    retry_after: str | None = None


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """HQ said nothing that can be HQ's: a sentence why, and whether the request may have reached it."""

    sentence: str
    sent: bool


Reply = Answer | NoAnswer


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact cannot be put into a request: a sentence naming what is missing and what to do."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Learned:
    """HQ's own id of something of ours; `thing` as in the fact `hq.ref_learned`."""

    thing: Literal["package", "shipment", "pack_session"]
    local_id: str
    hq_id: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reply means for the facts of its request; `refused` holds a reason by seq for facts HQ did not take."""

    outcome: Outcome
    sentence: str = ""
    learned: tuple[Learned, ...] = ()
    refused: Mapping[int, str] = field(default_factory=dict)


class Known(Protocol):
    """What a dialect may ask of the store."""

    def hq_ref(self, thing: str, local_id: str) -> str | None:
        """HQ's id for a thing of ours."""

    def party(self, party_id: str) -> dict[str, Any] | None:
        """Name and address; None when unknown or erased."""

    def unknown(self, thing: str, ids: Sequence[str]) -> list[str]:
        """Those of `ids` that the store does not hold, in order; `thing` is picklist, fulfillment or pick_task."""

    def cursor(self, what: str) -> str | None:
        """How far `what` was pulled."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """`what` is pulled up to here; kept once everything before it is in the store."""

    what: str
    value: str


@dataclass(frozen=True, slots=True)
class Fault:
    """HQ gave something that cannot be used: a sentence naming place and value."""

    sentence: str


Pulled = Command | Cursor | Fault


class PullStopped(Exception):  # noqa: N818 -- what HQ replied, not an error of the program
    """A pull ended early because of this reply."""

    def __init__(self, reply: Reply, sentence: str) -> None:
        super().__init__(sentence)
        self.reply = reply


class HqClient(Protocol):
    """One HQ as one lane sees it. Nothing here raises but `pull` and `edge`; what goes wrong is a value."""

    @property
    def edge(self) -> EdgeHq | None:
        """What our own HQ offers beyond the dialect; None for a dialect that cannot have it."""

    def take(self, facts: Sequence[Promised]) -> int:
        """How many of these facts of one entity, from the first on, share a request."""

    def request(self, facts: Sequence[Promised], known: Known) -> NewRequest | Missing:
        """The request that tells HQ of these facts."""

    def verdict(self, facts: Sequence[Promised], request: FixedRequest, reply: Reply) -> Verdict:
        """What a reply to `request` means."""

    async def send(self, request: FixedRequest, facts: Sequence[Promised]) -> Reply:
        """Send a request as it was fixed; `facts` are those it carries."""

    async def probe(self) -> str | None:
        """None when HQ is there, else a sentence."""

    def pull(self, lane: str, known: Known, new_id: Callable[[], UUID]) -> AsyncGenerator[Pulled, None]:
        """Everything HQ has for this station that the store does not hold. Raises PullStopped."""

    async def close(self) -> None:
        """Close all connections."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """One kind of HQ. `make_client(settings, secret, station_id, warehouse_id)` opens nothing yet."""

    name: str
    settings: type[Hq]
    accepts: frozenset[str]
    make_client: Callable[[Any, str, str, str], HqClient]
