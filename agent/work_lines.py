"""Work in a file, one JSON document a line: good lines become what a pull would bring, bad ones are named. Pure.

A line is a document of seed 001 (`sync.dialects.ofs.documents`) with `kind`, the `lane` it belongs to, and `refs`:
what that HQ, or another, calls things.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from local_store.domain.commands import Command, HqRef, ReceiveProducts, ReceiveWork
from sync.dialects.ofs import documents as d
from sync.wording import clean, shown
from sync.work import picklist_of

MOST_BYTES = 32 * 2**20
MOST_LINES = 20_000
LONGEST_LINE = 2**20
MOST_REFS = 20_000
PRODUCTS_AT_ONCE = 100
NO_PLACE = "?"
"""Where a product is looked for whose place nobody told."""


class BadLine(NamedTuple):
    """What is wrong with a line: its number from 1 (0 for the file), the member, its value, and a sentence."""

    line: int
    place: str
    value: str
    message: str


class _Ref(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    thing: str
    local_id: str
    hq_id: str
    lane: str | None = None


class _Head(BaseModel):
    """What stands in every line beside the document."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    kind: Literal["fulfillment", "picklist", "product"]
    lane: str | None = None
    refs: tuple[_Ref, ...] = Field(default=(), max_length=MOST_REFS)


@dataclass(frozen=True, slots=True)
class Line:
    """A good line."""

    number: int
    lane: str
    """Empty for a product that names none."""
    document: d.Fulfillment | d.Picklist | d.Product
    refs: tuple[HqRef, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A whole file: `lines` is how many there were, blank ones not counted."""

    lines: int
    good: tuple[Line, ...] = ()
    bad: tuple[BadLine, ...] = ()

    @property
    def orders(self) -> dict[str, Line]:
        """The fulfillments, by id."""
        return {each.document.fulfillment_id: each for each in self.good if isinstance(each.document, d.Fulfillment)}


@dataclass(frozen=True, slots=True)
class Place:
    """What must be known of the station: its lanes, its warehouse, and the lane of lines that name none."""

    lanes: Collection[str]
    warehouse_id: str
    lane: str | None = None


@dataclass(frozen=True, slots=True)
class Here:
    """What the store holds of what a file names."""

    lines: Collection[tuple[str, str]] = ()
    """(fulfillment, order line)"""
    picklists: Collection[str] = ()
    tasks: Collection[str] = ()
    listed_here: Collection[str] = ()
    """Fulfillments that came without a list, so that one was made here."""
    locations: Mapping[str, str] = field(default_factory=dict)
    """Usual place by SKU."""


class Take(NamedTuple):
    """A command, and the fulfillment of a list that was made here: where that is known, there is nothing to take."""

    command: Command
    unless_known: str | None = None


def read(data: bytes, place: Place) -> Read:
    """Every line of a file, each checked by itself. Never raises for what stands in it."""
    if len(data) > MOST_BYTES:
        message = (
            f"The file has {len(data)} bytes; {MOST_BYTES} is the most. Nothing of it was read; cut it in parts."
        )
        return Read(0, bad=(BadLine(0, "", str(len(data)), message),))
    raw = [(number, line) for number, line in enumerate(data.split(b"\n"), 1) if line.strip()]
    if len(raw) > MOST_LINES:
        message = f"The file has {len(raw)} lines; {MOST_LINES} is the most. Nothing of it was read; cut it in two."
        return Read(len(raw), bad=(BadLine(0, "", str(len(raw)), message),))
    good: list[Line] = []
    bad: list[BadLine] = []
    seen: dict[tuple[str, str], int] = {}
    for number, line in raw:
        found = _line(number, line, place)
        if isinstance(found, Line):
            found = _unless_doubled(found, seen)
        if isinstance(found, Line):
            good.append(found)
        else:
            bad.append(found)
    return Read(len(raw), tuple(good), tuple(bad))


def takes(file: Read, here: Here, new_id: Callable[[], UUID]) -> tuple[list[Take], list[BadLine]]:
    """What the good lines of a file come to, products first; and the lines that do not fit the others."""
    found: list[Take] = list(_products(file.good, new_id))
    bad: list[BadLine] = []
    orders = file.orders
    listed: set[str] = set()
    tasks: dict[str, int] = {}
    for line in file.good:
        if not isinstance(line.document, d.Picklist):
            continue
        mine = {task.fulfillment_id for task in line.document.tasks} & orders.keys()
        listed |= mine
        try:
            _require_new_tasks(line.document, line.number, tasks)
            command = _listed(line, {ident: orders[ident] for ident in mine}, here, new_id())
        except d.Unusable as unusable:
            bad.append(BadLine(line.number, "tasks", line.document.picklist_id, clean(str(unusable))))
            bad += (_without_list(orders[ident], line) for ident in sorted(mine))
            continue
        found.append(Take(command))
    for ident, line in orders.items():
        if ident not in listed:
            found.append(_alone(line, here, new_id))
    return found, sorted(bad)


def report(bad: Iterable[BadLine]) -> str:
    """The report file: one JSON object for each bad line."""
    return "".join(json.dumps(each._asdict(), ensure_ascii=False) + "\n" for each in bad)


# --- one line -----------------------------------------------------------------------------------------------------


def _line(number: int, raw: bytes, place: Place) -> Line | BadLine:
    if len(raw) > LONGEST_LINE:
        return BadLine(number, "", str(len(raw)), f"The line has {len(raw)} bytes; {LONGEST_LINE} is the most.")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        return BadLine(number, "", shown(raw[error.start : error.end].hex()), "The line is not UTF-8.")
    try:
        value = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        return BadLine(number, "", shown(text), clean(f"The line is not JSON: {error}."))
    if not isinstance(value, dict):
        return BadLine(number, "", shown(value), "The line is not a JSON object.")
    try:
        head = _Head.model_validate(value)
        document = _MODELS[head.kind].model_validate(value)
        return _checked(number, head, document, place)
    except ValidationError as error:
        return _bad(number, error)


_MODELS: Mapping[str, type[d.Fulfillment | d.Picklist | d.Product]] = {
    "fulfillment": d.Fulfillment,
    "picklist": d.Picklist,
    "product": d.Product,
}


def _checked(
    number: int, head: _Head, document: d.Fulfillment | d.Picklist | d.Product, place: Place
) -> Line | BadLine:
    lane = head.lane or place.lane or ""
    for name in filter(None, (lane, *(ref.lane for ref in head.refs))):
        if name not in place.lanes:
            known = ", ".join(place.lanes) or "none"
            return BadLine(
                number, "lane", shown(name), f"There is no HQ of this name in edge.toml; there is {known}."
            )
    needs_lane = not isinstance(document, d.Product) or any(ref.lane is None for ref in head.refs)
    if needs_lane and not lane:
        return BadLine(number, "lane", "null", "The line does not say to which HQ it belongs; name a lane.")
    if not isinstance(document, d.Product) and document.warehouse_id != place.warehouse_id:
        message = f"It is for another warehouse; this station stands in {place.warehouse_id}."
        return BadLine(number, "warehouse_id", shown(document.warehouse_id), clean(message))
    refs = tuple(
        HqRef(lane=ref.lane or lane, thing=ref.thing, local_id=ref.local_id, hq_id=ref.hq_id) for ref in head.refs
    )
    return Line(number, lane, document, refs)


def _bad(number: int, error: ValidationError) -> BadLine:
    """The first thing wrong with a line."""
    first, *others = error.errors(include_url=False)
    place = ".".join(str(part) for part in first["loc"])
    more = f" (and {len(others)} more)" if others else ""
    rule = first["msg"].replace("Value error, ", "")
    return BadLine(number, clean(place), clean(shown(first.get("input"))), clean(f"{place}: {rule}{more}."))


def _unless_doubled(line: Line, seen: dict[tuple[str, str], int]) -> Line | BadLine:
    kind, ident = _name(line)
    before = seen.setdefault((kind, ident), line.number)
    if before == line.number:
        return line
    return BadLine(line.number, f"{kind}_id", shown(ident), f"It is in this file already, on line {before}.")


def _name(line: Line) -> tuple[str, str]:
    match line.document:
        case d.Fulfillment():
            return "fulfillment", line.document.fulfillment_id
        case d.Picklist():
            return "picklist", line.document.picklist_id
    return "product", line.document.sku


# --- commands -----------------------------------------------------------------------------------------------------


def _products(good: Collection[Line], new_id: Callable[[], UUID]) -> Iterator[Take]:
    lines = [line for line in good if isinstance(line.document, d.Product)]
    for start in range(0, len(lines), PRODUCTS_AT_ONCE):
        part = lines[start : start + PRODUCTS_AT_ONCE]
        products = tuple(d.product_of(each.document) for each in part if isinstance(each.document, d.Product))
        refs = tuple(ref for each in part for ref in each.refs)
        yield Take(ReceiveProducts(command_id=new_id(), products=products, refs=refs))


def _listed(line: Line, orders: Mapping[str, Line], here: Here, command_id: UUID) -> ReceiveWork:
    """A picklist with its orders of this file. Raises Unusable."""
    assert isinstance(line.document, d.Picklist)
    refs = (*line.refs, *(ref for order in orders.values() for ref in order.refs))
    if line.document.picklist_id in here.picklists:
        return ReceiveWork(command_id=command_id, fulfillments=(), parties=(), refs=refs)
    for task in line.document.tasks:
        if task.task_id in here.tasks:
            raise d.Unusable(f"Its task {task.task_id} came before on another picklist.")
        if task.fulfillment_id in here.listed_here:
            raise d.Unusable(f"Its order {task.fulfillment_id} came without a list before and has its own here.")
    if not any(task.status == "open" for task in line.document.tasks):
        raise d.Unusable(f"Picklist {line.document.picklist_id} has no open task.")
    for order in orders.values():
        if order.lane != line.lane:
            raise d.Unusable(
                f"Its order on line {order.number} belongs to {order.lane}, and the list to {line.lane}."
            )
    documents = {
        ident: order.document for ident, order in orders.items() if isinstance(order.document, d.Fulfillment)
    }
    work = d.picklist_work(line.lane, line.document, documents, command_id, here.lines)
    return work.model_copy(update={"refs": refs})


def _require_new_tasks(picklist: d.Picklist, number: int, tasks: dict[str, int]) -> None:
    """A task is on one list of a file. Raises Unusable."""
    for task in picklist.tasks:
        before = tasks.setdefault(task.task_id, number)
        if before != number:
            raise d.Unusable(f"Its task {task.task_id} is on the picklist of line {before} already.")


def _without_list(order: Line, line: Line) -> BadLine:
    return BadLine(
        order.number,
        "fulfillment_id",
        shown(_name(order)[1]),
        f"Its picklist on line {line.number} cannot be used, so it was left out as well.",
    )


def _alone(line: Line, here: Here, new_id: Callable[[], UUID]) -> Take:
    """An order that another station has picked; or one without a list, which gets one of its own."""
    assert isinstance(line.document, d.Fulfillment)
    if line.document.status == "picked" and any(each.picked for each in line.document.lines):
        work = d.picked_work(line.lane, line.document, new_id())
        return Take(work.model_copy(update={"refs": line.refs}))
    work = d.order_work(line.lane, line.document, new_id())
    (order,) = work.fulfillments
    picklist = picklist_of(order, here.locations, NO_PLACE)
    known = order.fulfillment_id
    return Take(work.model_copy(update={"refs": line.refs, "picklist": picklist}), known)


class Names(NamedTuple):
    """Ids that a file names."""

    fulfillments: list[str]
    picklists: list[str]
    tasks: list[str]
    skus: list[str]


def names(file: Read) -> Names:
    """What has to be looked up for a file."""
    documents = [each.document for each in file.good]
    orders = [each for each in documents if isinstance(each, d.Fulfillment)]
    lists = [each for each in documents if isinstance(each, d.Picklist)]
    tasks = [task for each in lists for task in each.tasks]
    fulfillments = {each.fulfillment_id for each in orders} | {task.fulfillment_id for task in tasks}
    return Names(
        sorted(fulfillments),
        sorted({each.picklist_id for each in lists}),
        sorted({task.task_id for task in tasks}),
        sorted({line.sku for each in orders for line in each.lines}),
    )


def own_list(fulfillment_id: str) -> str:
    """The id of the list that is made for an order that came without one (`sync.work.picklist_of`)."""
    return f"pick-{fulfillment_id}"


def told_places(file: Read) -> dict[str, str]:
    """The usual place of each product that the file describes."""
    products = [each.document for each in file.good if isinstance(each.document, d.Product)]
    return {each.sku: each.location_id for each in products if each.location_id}
