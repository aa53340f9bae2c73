"""What the engine and the dialects agree on: the values that pass between them, and what a dialect must offer."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from config.model import Hq
from local_store.clock import Clock
from local_store.domain.badges import Signed
from local_store.domain.commands import Command, SeeWork
from local_store.domain.conflicts import WorkHere
from local_store.domain.events import WorkKind
from local_store.outbox import FixedRequest, NewRequest, Promised
from local_store.reviewing import OpenWork

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
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """HQ said nothing that can be HQ's: a sentence why, and whether the request may have reached it.

    `status` is what something on the way said: a captive portal, a proxy, half an answer.
    """

    sentence: str
    sent: bool
    status: int | None = None


Reply = Answer | NoAnswer


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact cannot be put into a request: a sentence naming what is missing and what to do."""

    sentence: str


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """HQ need not, or cannot, be told of this one fact, though it takes others of its kind: a sentence why."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Learned:
    """HQ's own id of something of ours; `thing` as in the fact `hq.ref_learned`."""

    thing: str
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
        """Those of `ids` that the store does not hold, in order: picklist, fulfillment, pick_task or return."""

    def cursor(self, what: str) -> str | None:
        """How far `what` was pulled."""

    def fulfillment(self, fulfillment_id: str) -> FulfillmentHere | None:
        """A fulfillment as it stands here."""

    def fulfillment_of_order(self, order_id: str) -> str | None:
        """The fulfillment of an order number, whichever lane gave it; the first where there are several."""

    def fulfillments_on(self, picklist_id: str) -> tuple[str, ...]:
        """The fulfillments that a picklist is picked for."""

    def package(self, package_id: str) -> PackageHere | None:
        """A package whose contents are final."""

    @property
    def is_source(self) -> bool:
        """Whether this lane's HQ gives work here; from another only its references are taken."""


@dataclass(frozen=True, slots=True)
class LineHere:
    """One order line: what was ordered, what was picked and packed here."""

    order_line_id: str
    sku: str
    qty: Decimal
    picked: Decimal
    packed: Decimal


@dataclass(frozen=True, slots=True)
class FulfillmentHere:
    """A fulfillment as it stands here, with all that its source said of it."""

    fulfillment_id: str
    lane: str
    order_id: str
    warehouse_id: str
    party_id: str
    carrier_hint: str | None
    service_code: str | None
    metadata: Mapping[str, Any]
    lines: tuple[LineHere, ...]


@dataclass(frozen=True, slots=True)
class PackedHere:
    """Units of one order line in a package."""

    order_line_id: str
    sku: str
    qty: Decimal


@dataclass(frozen=True, slots=True)
class PackageHere:
    """A package whose contents are final; `weight_mg` in milligrams."""

    package_id: str
    fulfillment_id: str
    weight_mg: int
    sscc: str
    items: tuple[PackedHere, ...]


@dataclass(frozen=True, slots=True)
class TheirLine:
    """One order line as HQ has it; None where this HQ does not tell."""

    order_id: str
    sku: str
    ordered: Decimal
    picked: Decimal | None = None
    shipped: Decimal | None = None


@dataclass(frozen=True, slots=True)
class NamedCall:
    """A call a person may make by hand: `path` with `{placeholders}`, and whether it wants a JSON body."""

    method: str
    path: str
    summary: str
    has_body: bool = False


class KnownWork(Known, Protocol):
    """What a pull may ask besides: which work is not through, and whether what HQ says of it is news."""

    def open_work(self, after: str, limit: int) -> list[OpenWork]:
        """The next work of this lane that is not through, after a place in the round."""

    def work(self, thing: WorkKind, work_id: str) -> WorkHere | None:
        """One of them as it stands."""

    def is_news(self, seen: SeeWork) -> bool:
        """Whether something follows from what HQ says of work that is here."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """`what` is pulled up to here; kept once everything before it is in the store."""

    what: str
    value: str


@dataclass(frozen=True, slots=True)
class Fault:
    """HQ gave something that cannot be used: a sentence naming place and value."""

    sentence: str


Pulled = Command | Cursor | Fault | Signed


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

    def request(self, facts: Sequence[Promised], known: Known) -> NewRequest | Missing | NotNeeded:
        """The request that tells HQ of these facts."""

    def verdict(self, facts: Sequence[Promised], request: FixedRequest, reply: Reply) -> Verdict:
        """What a reply to `request` means."""

    async def send(self, request: FixedRequest, facts: Sequence[Promised]) -> Reply:
        """Send a request as it was fixed; `facts` are those it carries."""

    async def look_up(self, request: FixedRequest, facts: Sequence[Promised]) -> tuple[Reply, Verdict] | None:
        """Before a request goes once more: what HQ has of it already, by its natural key.

        None when nothing, so that it is sent, and always where HQ knows idempotency keys: the same key finds out.
        """

    def calls(self) -> Mapping[str, NamedCall]:
        """Every call a person may make by name, also those that no fact leads to."""

    async def call(self, method: str, path: str, body: str | None) -> Reply:
        """Make a call by hand; `path` is encoded and begins after the base of this HQ."""

    def their_lines(self, known: Known) -> AsyncGenerator[TheirLine, None]:
        """Every open order line as HQ has it, for the comparison. Raises PullStopped."""

    async def probe(self) -> str | None:
        """None when HQ is there, else a sentence."""

    def pull(self, lane: str, known: KnownWork, new_id: Callable[[], UUID]) -> AsyncGenerator[Pulled, None]:
        """Everything HQ has for this station that the store does not hold, and what it withdrew or changed.

        Raises PullStopped.
        """

    async def close(self) -> None:
        """Close all connections."""


@dataclass(frozen=True, slots=True)
class AtStation:
    """Who speaks to HQ: this station, its warehouse, and its clock."""

    station_id: str
    warehouse_id: str
    clock: Clock
    wants_badges: bool = False
    """Whether this station can check the bundles of badges that HQ gives."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """One kind of HQ.

    `accepts(settings)` are the kinds of facts it can be told; `make_client(settings, secret, station)` opens nothing
    yet.
    """

    name: str
    settings: type[Hq]
    accepts: Callable[[Any], frozenset[str]]
    make_client: Callable[[Any, str, AtStation], HqClient]
