"""What was announced, what came of it, and how far the two may differ. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, NamedTuple

from local_store.domain.events import Differs, DiscrepancyRecorded, PalletLine
from local_store.domain.site import ReceivingRule
from local_store.domain.tally import InHand, Item

NOTHING = Decimal(0)
BLIND = "blind:"
"""What a tally of goods that nobody announced is about begins so."""


class Line(NamedTuple):
    """One announced line; `received` is what came by all receipts, as far as station and HQ know."""

    line_id: str
    sku: str
    expected: Decimal
    received: Decimal = NOTHING


class Inbound(NamedTuple):
    """An announcement and all that is known of it here."""

    inbound_id: str
    lane: str
    against: Literal["asn", "purchase_order"]
    number: str
    open: bool
    """False where HQ expects nothing more, or somebody closed it here."""
    lines: tuple[Line, ...]
    unexpected: Mapping[str, Decimal] = MappingProxyType({})
    """What came and was not announced, by SKU."""
    elsewhere: Mapping[str, Decimal] = MappingProxyType({})
    """What is counted on the open tallies of others, by SKU."""
    allowed: Mapping[str, Decimal] = MappingProxyType({})
    """How many may come of a SKU, where a second person allowed more than was announced."""
    lots: Mapping[str, frozenset[str]] = MappingProxyType({})
    """The lots that were announced, by SKU, where pallets say so."""
    told: Mapping[tuple[str, str], Decimal] = MappingProxyType({})
    """What discrepancies said already, by SKU and `differs`."""

    def expected(self, sku: str) -> Decimal:
        """How many of a product are announced."""
        return sum((line.expected for line in self.lines if line.sku == sku), NOTHING)

    def received(self, sku: str) -> Decimal:
        """How many of a product came by receipts."""
        came = sum((line.received for line in self.lines if line.sku == sku), NOTHING)
        return came + self.unexpected.get(sku, NOTHING)

    def too_few(self, rule: ReceivingRule) -> tuple[str, ...]:
        """The products of which more is missing than one person may close it with."""
        least = 100 - rule.under_percent
        return tuple(sku for sku in self.skus if self.received(sku) < self.expected(sku) * least / 100)

    @property
    def skus(self) -> tuple[str, ...]:
        """Every product that is announced or came."""
        return tuple(dict.fromkeys((*(line.sku for line in self.lines), *self.unexpected)))

    def line_of(self, sku: str) -> str | None:
        """The line of a product, where there is just one."""
        lines = [line.line_id for line in self.lines if line.sku == sku]
        return lines[0] if len(lines) == 1 else None

    def most(self, sku: str, rule: ReceivingRule) -> Decimal:
        """How many of a product may come without asking."""
        tolerated = self.expected(sku) * (100 + rule.over_percent) / 100
        return max(tolerated, self.allowed.get(sku, NOTHING))


class Pallet(NamedTuple):
    """A pallet that was announced."""

    sscc: str
    inbound_id: str
    content: tuple[tuple[Item, PalletLine], ...]


class ReceivedHere(NamedTuple):
    """One line of a receipt as it stands, corrections included."""

    line: int
    sku: str
    qty: Decimal
    condition: str
    lot_id: str
    container: str | None
    line_id: str = ""


class Receipt(NamedTuple):
    """A receipt as it stands."""

    receipt_id: str
    inbound: Inbound | None
    lines: tuple[ReceivedHere, ...]
    balance: Callable[[str, str, str], Decimal]
    """How much of (account, SKU, lot) there is."""
    serial_at: Callable[[str, str], str | None]
    """The account in which a unit (SKU, serial number) is."""
    serial_required: frozenset[str]


def allocate(
    inbound: Inbound | None, sku: str, qty: Decimal, taken: dict[str, Decimal]
) -> list[tuple[str | None, Decimal]]:
    """Which lines so many units belong to: each is filled, what is left goes to the last.

    `taken` is what lines got before, and is kept up to date.
    """
    lines = [line for line in inbound.lines if line.sku == sku] if inbound else []
    parts: list[tuple[str | None, Decimal]] = []
    for line in lines[:-1]:
        open_here = line.expected - line.received - taken.get(line.line_id, NOTHING)
        part = min(qty, max(open_here, NOTHING))
        if part > 0:
            parts.append((line.line_id, part))
            taken[line.line_id] = taken.get(line.line_id, NOTHING) + part
            qty -= part
    if qty > 0:
        parts.append((lines[-1].line_id if lines else None, qty))
    return parts


def differences(
    inbound: Inbound, received: Callable[[str], Decimal], ident: str, receipt_id: str | None, *, closed: bool
) -> tuple[DiscrepancyRecorded, ...]:
    """What is to be told beyond what was told already: too many as soon as they come, too few once it is closed.

    A difference that became smaller is told as a negative quantity, so that all that was told adds up.
    """
    found: list[DiscrepancyRecorded] = []
    for sku in inbound.skus:
        expected, came = inbound.expected(sku), received(sku)
        over: Differs = "over" if expected else "unexpected"
        wanted: dict[Differs, Decimal] = {over: max(came - expected, NOTHING)}
        if closed:
            wanted["under"] = max(expected - came, NOTHING)
        for differs, qty in wanted.items():
            change = qty - inbound.told.get((sku, differs), NOTHING)
            if change:
                found.append(
                    DiscrepancyRecorded(
                        discrepancy_id=f"{ident}_{len(found)}",
                        inbound_id=inbound.inbound_id,
                        receipt_id=receipt_id,
                        line_id=inbound.line_of(sku),
                        differs=differs,
                        sku=sku,
                        qty=change,
                    )
                )
    return tuple(found)


def expires_too_soon(hand: InHand, today: str) -> str | None:
    """The first day on which it may expire, where it does so earlier; None where it is good."""
    if hand.expires_on is None:
        return None
    earliest = date.fromisoformat(today) + timedelta(days=hand.item.min_shelf_days or 0)
    return earliest.isoformat() if hand.expires_on < earliest.isoformat() else None
