"""Quality control: how many units are looked at, what was found, and what is held and let go. Pure."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from local_store.domain.commands import HoldStock, RecordQc, ReleaseStock, ResolveQc, StartQc
from local_store.domain.events import (
    QcRecorded,
    QcResolved,
    QcStarted,
    QcSubject,
    StockHeld,
    StockReleased,
    decimal_text,
)
from local_store.domain.floor import Decision
from local_store.domain.meaning import shown
from local_store.domain.people import By
from local_store.domain.site import Site
from local_store.domain.words import Answer, phrase, say, word

ONE = Decimal(1)


class Qc(StrEnum):
    """Where an inspection is."""

    OPEN = "open"  # being looked at; more may be recorded
    RESOLVED = "resolved"  # decided; only a new inspection may follow


class Subject(NamedTuple):
    """What is to be inspected, how many units there are, and the inspection of it that is open."""

    kind: QcSubject
    ident: str
    called: str
    """The number that people know; without one they know it by its id."""
    units: Decimal
    lane: str | None = None
    open_qc: str | None = None


class Inspection(NamedTuple):
    """An inspection as it stands."""

    qc_id: str
    called: str
    """As `Subject.called`."""
    status: Qc
    wanted: Decimal
    seen: Decimal
    lane: str | None = None
    unknown_photos: tuple[str, ...] = ()


class Hold(NamedTuple):
    """Goods that nobody may take."""

    hold_id: str
    sku: str | None
    lot_id: str | None
    serial: str | None
    location_id: str | None
    reason: str

    @property
    def title(self) -> str:
        """What is held, in words."""
        return goods_in_words(self.sku, self.lot_id, self.serial, self.location_id)


def goods_in_words(sku: str | None, lot_id: str | None, serial: str | None, location_id: str | None) -> str:
    """`lot L1 of TEA at A-1`."""
    what = shown(sku) if sku else phrase("everything")
    if serial:
        what = phrase("unit {serial} of {sku}", serial=shown(serial), sku=what)
    elif lot_id:
        what = phrase("lot {lot} of {sku}", lot=shown(lot_id), sku=what)
    return phrase("{what} at {which}", what=what, which=shown(location_id)) if location_id else what


def units_to_inspect(units: Decimal, inspect: int, of_every: int) -> Decimal:
    """`inspect` of every `of_every` units and of the rest of them, at least one where there is any."""
    whole, rest = divmod(units, of_every)
    return min(units, whole * min(inspect, of_every) + min(rest, Decimal(inspect)))


def start(_site: Site, _by: By, subject: Subject | None, command: StartQc) -> Decision:
    """Begin; what is being inspected already stays as it is."""
    if subject is None:
        return Decision(say("qc.unknown", id=shown(command.subject_id)))
    title = shown(subject.called)
    if subject.open_qc is not None:
        return Decision(say("qc.already", id=title))
    units = units_to_inspect(subject.units, command.inspect, command.of_every)
    fact = QcStarted(
        qc_id=f"qc_{command.command_id.hex}",
        subject=subject.kind,
        subject_id=subject.ident,
        units=units,
        of_units=subject.units,
    )
    words = {"units": decimal_text(units), "all": decimal_text(subject.units)}
    return Decision(say("qc.started", id=title, **words), (fact,), subject.lane)


def record(_site: Site, _by: By, found: Inspection | None, command: RecordQc) -> Decision:
    """What was found on so many units; one where it is not said."""
    refusal = _not_open(found, command.qc_id)
    if refusal is not None or found is None:
        return Decision(refusal or say("qc.none", id=shown(command.qc_id)))
    units = ONE if command.units is None else command.units
    if units < 0:
        return Decision(say("goods.negative", qty=decimal_text(units), item=phrase("what was looked at")))
    if found.unknown_photos:
        return Decision(say("qc.no_photo", sha256=found.unknown_photos[0][:12]))
    fact = QcRecorded(
        qc_id=found.qc_id,
        check=command.check,
        passed=command.passed,
        units=units,
        measurements=command.measurements,
        notes=command.notes,
        photos=command.photos,
    )
    words = {"seen": decimal_text(found.seen + units), "wanted": decimal_text(found.wanted)}
    return Decision(say("qc.recorded", **words), (fact,), found.lane)


def resolve(_site: Site, _by: By, found: Inspection | None, command: ResolveQc) -> Decision:
    """Decide, once as many units were looked at as were to be."""
    refusal = _not_open(found, command.qc_id)
    if refusal is not None or found is None:
        return Decision(refusal or say("qc.none", id=shown(command.qc_id)))
    if found.seen < found.wanted:
        words = {"seen": decimal_text(found.seen), "wanted": decimal_text(found.wanted)}
        return Decision(say("qc.too_few", id=shown(found.called), **words))
    fact = QcResolved(qc_id=found.qc_id, disposition=command.disposition, notes=command.notes)
    answer = say("qc.resolved", id=shown(found.called), disposition=word(command.disposition))
    return Decision(answer, (fact,), found.lane)


def hold(_site: Site, _by: By, known: AbstractSet[str], command: HoldStock) -> Decision:
    """Nobody may take these goods; `known` are the products named that are known here."""
    if command.sku is None and (command.location_id is None or command.lot_id or command.serial):
        return Decision(say("hold.what"))
    if command.sku is not None and command.sku not in known:
        return Decision(say("goods.no_product", sku=shown(command.sku)))
    members = {name: getattr(command, name) for name in ("sku", "lot_id", "serial", "location_id")}
    fact = StockHeld(hold_id=f"hold_{command.command_id.hex}", reason=command.reason, **members)
    return Decision(say("hold.held", goods=goods_in_words(**members)), (fact,))


def release(_site: Site, _by: By, held: Hold | None, command: ReleaseStock) -> Decision:
    """They may be taken again."""
    if held is None:
        return Decision(say("hold.none", id=shown(command.hold_id)))
    fact = StockReleased(hold_id=held.hold_id, reason=command.reason)
    return Decision(say("hold.released", goods=held.title), (fact,))


def held(item: str, found: Hold) -> Answer:
    """Why a unit must not be taken now."""
    return say("hold.taken", item=item, goods=found.title, reason=shown(found.reason))


def _not_open(found: Inspection | None, qc_id: str) -> Answer | None:
    if found is None:
        return say("qc.none", id=shown(qc_id))
    return say("qc.over", id=shown(found.called)) if found.status is Qc.RESOLVED else None
