"""What HQ answered, and what a person told it by other means."""

from __future__ import annotations

from typing import ClassVar

from local_store.domain.events.base import Fact


class HqRefLearned(Fact):
    """An HQ's own id for something of ours: pulled with work, read from an answer, or imported.

    `thing` is package, shipment, pack_session, order, fulfillment, line (`fulfillment_id/order_line_id`), product …
    """

    kind: ClassVar[str] = "hq.ref_learned"
    lane: str
    thing: str
    local_id: str
    hq_id: str


class PromiseSettled(Fact):
    """A person told HQ by other means what a lane could not: the parked facts `seqs` of `subject` go no more."""

    kind: ClassVar[str] = "promise.settled"
    lane: str
    subject: str
    seqs: tuple[int, ...]
    note: str
