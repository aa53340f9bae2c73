"""Linking a code that nobody knows to a product, under a supervisor's badge, and taking the link away. Pure."""

from __future__ import annotations

from typing import NamedTuple

from local_store.domain.codes import Meaning
from local_store.domain.commands import LinkCode, UnlinkCode
from local_store.domain.events import CodeLinked, CodeUnlinked
from local_store.domain.floor import Decision
from local_store.domain.meaning import Meant, shown
from local_store.domain.site import Site, Worker
from local_store.domain.words import Answer, say

ROLE = "supervisor"
_MAY_BE_LINKED = "scan.unknown_case"
"""The one unclear code that a link makes clear: a case of which nobody knows how many it holds."""


class Link(NamedTuple):
    """A code as it is linked here."""

    key: str
    code: str
    sku: str
    multiplier: int
    name: str | None = None

    @property
    def words(self) -> dict[str, str | int]:
        """What the sentences about it say."""
        return {
            "code": shown(self.code),
            "multiplier": self.multiplier,
            "item": f"{self.name or self.sku} ({self.sku})",
        }


def link(site: Site, command: LinkCode, meant: Meant, product: Meaning | None, known: Link | None) -> Decision:
    """Link a code, unless it means something already: `product` is the SKU asked for, `known` the link there is."""
    refusal = _not_allowed(site.worker_by_badge(command.badge))
    if refusal is not None:
        return Decision(refusal)
    if site.worker_by_badge(command.code.strip()) is not None:
        return Decision(say("link.is_badge"))
    if product is None:
        return Decision(say("link.no_product", sku=shown(command.sku)))
    if known is not None:
        same = (known.sku, known.multiplier) == (command.sku, command.multiplier)
        return Decision(say("link.already" if same else "link.other", **known.words))
    if meant.unclear is not None and meant.unclear.code != _MAY_BE_LINKED:
        return Decision(meant.unclear)
    if meant.meanings:
        is_there = meant.meanings[0]
        thing = is_there.item if is_there.thing == "product" else is_there.named
        return Decision(say("link.known", code=shown(command.code), thing=thing))
    new = Link(meant.key, command.code, command.sku, command.multiplier, product.name)
    fact = CodeLinked(code=new.code, symbology=command.symbology, key=new.key, sku=new.sku, multiplier=new.multiplier)
    return Decision(say("link.done", **new.words), (fact,))


def unlink(site: Site, command: UnlinkCode, known: Link | None) -> Decision:
    """Take a link away; what HQ says of the code stays."""
    refusal = _not_allowed(site.worker_by_badge(command.badge))
    if refusal is not None:
        return Decision(refusal)
    if known is None:
        return Decision(say("link.none", code=shown(command.code)))
    fact = CodeUnlinked(code=known.code, key=known.key, sku=known.sku, multiplier=known.multiplier)
    return Decision(say("link.undone", **known.words), (fact,))


def _not_allowed(worker: Worker | None) -> Answer | None:
    if worker is None:
        return say("link.badge")
    return None if ROLE in worker.roles else say("link.role", name=worker.name)
