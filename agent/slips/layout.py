"""From a document to lines of paper, whatever then prints them. Pure.

Every text is cleaned here: whatever a product is called, no control character reaches a printer (device_protocols
11.5), so no name can open a drawer or choose a code page.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from agent.slips.documents import (
    Difference,
    DiscrepancySlip,
    Document,
    Goods,
    InboundSlip,
    Loaded,
    ManifestSlip,
    PackingSlip,
    PickTicket,
    ShiftReport,
    ToPick,
)

LONGEST_TEXT = 200
"""Of any one text from outside: a name as long as a novel would use up the roll."""
TICK = "[    ]"


class Title(NamedTuple):
    """Large, in the middle."""

    text: str


class Words(NamedTuple):
    """Text, broken into lines at its blanks; the lines after the first are set in by `indent`."""

    text: str
    indent: int = 0


class Sides(NamedTuple):
    """Two texts on one line, at its two ends; the left one may take more lines."""

    left: str
    right: str


class Bars(NamedTuple):
    """A barcode with its text below."""

    code: str


class Rule(NamedTuple):
    """A line across the paper."""


Piece = Title | Words | Sides | Bars | Rule


def laid_out(document: Document) -> list[Piece]:
    """The pieces of a slip, from top to bottom."""
    match document:
        case PackingSlip():
            return list(_packing(document))
        case PickTicket():
            return list(_ticket(document))
        case DiscrepancySlip():
            return list(_discrepancies(document))
        case InboundSlip():
            return list(_inbound(document))
        case ShiftReport():
            return list(_shift(document))
        case ManifestSlip():
            return list(_manifest(document))


def clean(text: str) -> str:
    """One line without control characters, composed (ü, not u and dots), and cut to a length that fits."""
    composed = unicodedata.normalize("NFC", text)
    plain = "".join(" " if each.isspace() else each for each in composed)
    return "".join(each for each in plain if unicodedata.category(each)[0] != "C")[:LONGEST_TEXT].strip()


def counted(number: int, what: str) -> str:
    """`1 line`, `2 lines`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def as_lines(document: Document, columns: int) -> list[str]:
    """The slip as text, for a screen, a file, or any printer that prints text."""
    return [line for piece in laid_out(document) for line in lines_of(piece, columns)]


def lines_of(piece: Piece, columns: int) -> list[str]:
    """A piece as lines of at most `columns` characters; a barcode as its text."""
    match piece:
        case Title(text):
            return [line.center(columns).rstrip() for line in _wrapped(text, columns)]
        case Words(text, indent):
            return _wrapped(text, columns, indent)
        case Sides(left, right):
            return _sides(left, right, columns)
        case Bars(code):
            return _wrapped(f"*{code}*", columns)
        case Rule():
            return ["-" * columns]


def _wrapped(text: str, columns: int, indent: int = 0) -> list[str]:
    return textwrap.wrap(text, columns, subsequent_indent=" " * indent, drop_whitespace=True) or [""]


def _sides(left: str, right: str, columns: int) -> list[str]:
    right = right[: columns // 2]
    *above, last = _wrapped(left, columns - len(right) - 1)
    return [*above, f"{last:<{columns - len(right)}}{right}"]


# --- the slips --------------------------------------------------------------------------------------------------


def _packing(slip: PackingSlip) -> Iterator[Piece]:
    yield Title("PACKING SLIP")
    yield Words(f"Order {clean(slip.order_id)}")
    for line in slip.ship_to:
        yield Words(clean(line))
    yield Rule()
    for goods in slip.goods:
        yield from _goods(goods)
    yield Rule()
    yield Sides(counted(len(slip.goods), "line"), clean(slip.weight))
    if slip.sscc:
        yield Words(f"SSCC {clean(slip.sscc)}")
    yield Words(f"Package {clean(slip.package_id)}")
    yield _bars(slip.sscc or slip.package_id)


def _manifest(slip: ManifestSlip) -> Iterator[Piece]:
    yield Title("MANIFEST")
    yield Sides(clean(slip.carrier), clean(slip.day))
    yield Words(f"{clean(slip.dock)}, {clean(slip.status)}, as of {clean(slip.as_of)}")
    yield _bars(slip.manifest_id)
    yield Rule()
    for parcel in slip.parcels:
        yield from _parcel(parcel)
    yield Rule()
    yield Words(counted(len(slip.parcels), "parcel"))
    if slip.missing:
        yield Words(f"Not on it: {counted(len(slip.missing), 'parcel')}.")
        for parcel in slip.missing:
            yield from _parcel(parcel)
    yield Words("Taken over by ____________________")


def _parcel(parcel: Loaded) -> Iterator[Piece]:
    yield Words(f"{clean(parcel.sscc)}  order {clean(parcel.order_id)}", indent=2)


def _bars(code: str) -> Piece:
    """The barcode of a code that is what its text says; one that had to be cleaned would scan as another."""
    cleaned = clean(code)
    return Bars(cleaned) if cleaned == code.strip() else Words(cleaned)


def _goods(goods: Goods) -> Iterator[Piece]:
    yield Sides(clean(goods.name), clean(goods.qty))
    if goods.sku != goods.name:
        yield Words(f"  {clean(goods.sku)}")


def _ticket(ticket: PickTicket) -> Iterator[Piece]:
    yield Title(f"PICK {clean(ticket.picklist_id)}")
    yield _bars(ticket.picklist_id)
    if ticket.ship_by:
        yield Words(f"Ship by {clean(ticket.ship_by)}")
    yield Words(f"As of {clean(ticket.as_of)}. Tick what you took; scan it in when the screen is back.")
    location = None
    for line in ticket.lines:
        yield Rule()
        if line.location != location:
            location = line.location
            yield Title(clean(location))
            yield _bars(location)
        yield from _to_pick(line)
    yield Rule()
    waiting = sum(line.state in {"open", "skipped"} for line in ticket.lines)
    yield Words(f"{waiting} of {len(ticket.lines)} lines to pick.")
    yield Words("Picked by ____________________")


def _to_pick(line: ToPick) -> Iterator[Piece]:
    yield Sides(clean(line.name), f"{clean(line.wanted)} {TICK}" if line.state in {"open", "skipped"} else line.state)
    yield Words(f"  for order {clean(line.order_id)}", indent=2)
    if line.picked != "0":
        yield Words(f"  {clean(line.picked)} were taken before", indent=2)
    yield _bars(line.sku)


def _discrepancies(slip: DiscrepancySlip) -> Iterator[Piece]:
    yield Title("DIFFERENCES")
    yield Words(f"Picklist {clean(slip.picklist_id)}, {clean(slip.status)}, as of {clean(slip.as_of)}")
    for each in slip.differences:
        yield Rule()
        yield from _difference(each)
    yield Rule()
    if not slip.differences:
        yield Words("No differences are recorded.")
    if slip.open_lines:
        yield Words(f"Not picked yet: {counted(slip.open_lines, 'line')}. What is lacking there is not known.")
    yield _bars(slip.picklist_id)


def _inbound(slip: InboundSlip) -> Iterator[Piece]:
    yield Title("DIFFERENCES")
    yield Words(f"Announcement {clean(slip.number)}, {clean(slip.status)}, as of {clean(slip.as_of)}")
    for each in slip.differences:
        yield Rule()
        yield Sides(f"{clean(each.sku)}: {clean(each.differs)}", clean(each.qty))
        if each.reason:
            yield Words(f"  Reason: {clean(each.reason)}", indent=2)
    yield Rule()
    if not slip.differences:
        yield Words("No differences are recorded.")
    yield _bars(slip.number)


def _difference(each: Difference) -> Iterator[Piece]:
    yield Sides(f"{clean(each.location)}  {clean(each.name)}", clean(each.difference))
    yield Words(f"  {clean(each.sku)}, order {clean(each.order_id)}: {each.picked} of {each.qty}", indent=2)
    yield Words(f"  Reason: {clean(each.reason) or 'none was given'}", indent=2)


def _shift(report: ShiftReport) -> Iterator[Piece]:
    yield Title("SHIFT REPORT")
    yield Words(f"{clean(report.station)}, {clean(report.since)} to {clean(report.until)}")
    yield Rule()
    for words, count in (
        ("Orders picked", report.picked_orders),
        ("Lines picked", report.picked_lines),
        ("Units picked", report.picked_units),
        ("Orders packed", report.packed_orders),
        ("Units packed", report.packed_units),
        ("Parcels packed", report.packed_parcels),
        ("Lines short", report.short_lines),
        *((f"  {clean(reason) or 'no reason was given'}", lines) for reason, lines in report.shorts),
        ("Labels wanted", report.labels_wanted),
        ("Labels proved printed", report.labels_proved),
        ("Labels in doubt in this time", report.labels_doubted),
        ("Labels that ask now", report.labels_asking),
        ("Labels that wait or are on their way now", report.labels_waiting),
        ("Labels printed again", report.labels_reprinted),
        ("Labels voided", report.labels_voided),
        ("Scans refused", report.refusals),
        ("Of them wrong scans", report.mis_scans),
        ("Exceptions that wait for a decision now", report.exceptions_open),
    ):
        yield Sides(words, str(count))
    yield Rule()
    for each in report.people:
        hours, minutes = divmod(each.minutes, 60)
        done = f"{each.units_picked} picked, {counted(each.parcels, 'parcel')} packed"
        yield Words(f"{clean(each.worker_id)}: signed in {hours} h {minutes} min, {done}.", indent=2)
    if report.people:
        yield Rule()
    if not report.backlog:
        yield Words("No HQ is owed anything.")
    for lane in report.backlog:
        age = f", the oldest {lane.oldest} old" if lane.oldest else ""
        yield Words(
            f"HQ {clean(lane.lane)}: {counted(lane.unsent, 'fact')} unsent{age if lane.unsent else ''}.", indent=2
        )
        if lane.parked:
            yield Words(f"  {lane.parked} refused by HQ, which wait for a person.", indent=2)
        if lane.not_deliverable:
            yield Words(f"  {lane.not_deliverable} that this HQ cannot take.", indent=2)
    for sentence in report.unknown:
        yield Words(f"Not known: {clean(sentence)}", indent=2)
