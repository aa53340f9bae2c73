"""A floor to test on: workplaces with a real store behind them, so that tests read like what people do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import uuid_utils.compat

from local_store import journal, projections
from local_store.clock import SystemClock
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.floor import Place
from local_store.domain.pack_work import PackLine, PackWork
from local_store.domain.pick_work import PickWork, Task
from local_store.domain.site import Lane, Site, SsccNumbers, Worker
from local_store.domain.words import Answer
from local_store.loading import load_meanings, load_pick, load_place
from local_store.loading_packs import load_pack
from local_store.store import Store
from local_store.transaction import Receipt, Transaction

F = TypeVar("F", bound=e.Fact)

ANA = Worker("ana", "Ana", "BADGE-ANA", frozenset({"picker", "packer"}))
BEN = Worker("ben", "Ben", "BADGE-BEN", frozenset({"picker", "packer"}))
EVE = Worker("eve", "Eve", "BADGE-EVE", frozenset({"supervisor"}))

FOR_HQ = frozenset(kind for kind, fact in e.KINDS.items() if fact.for_hq)

SITE = Site(
    station_id="station-1",
    warehouse_id="WH-1",
    workplaces={"pick-1": "pick", "pick-2": "pick", "pack-1": "pack", "pack-2": "pack"},
    workers={worker.worker_id: worker for worker in (ANA, BEN, EVE)},
    lanes=(Lane("main", FOR_HQ),),
    sscc=SsccNumbers("0614141", 3, 1, 9999),
)


@dataclass(frozen=True)
class Line:
    """One line of an order, as a test writes it."""

    sku: str
    qty: Decimal
    at: str
    order: str | None = None


def line(sku: str, qty: int | str, at: str = "A-1", order: str | None = None) -> Line:
    """`qty` of `sku`, found at location `at`; for an order of its own when `order` is given."""
    return Line(sku, Decimal(qty), at, order)


def product(sku: str, *codes: str, grams: int | None = 100, **of: Any) -> e.ProductReceived:
    """A product called like its SKU unless `name` is given; `codes` are barcodes, `code*6` a case of six."""
    barcodes = tuple(
        e.Barcode(barcode=code, multiplier=int(units or 1))
        for code, _, units in (each.partition("*") for each in codes)
    )
    weight_mg = None if grams is None else grams * 1000
    return e.ProductReceived(**{"name": f"Item {sku}", **of}, sku=sku, nominal_weight_mg=weight_mg, barcodes=barcodes)


def new_id() -> UUID:
    """A command id, as the screen makes one when a person acts."""
    return uuid_utils.compat.uuid7()


class Bench:
    """Workplaces of one station over a real store in `folder`. Acts go to the workplace `at` stands at."""

    def __init__(self, folder: Path, site: Site = SITE, at: str = "pick-1") -> None:
        self.folder, self.site, self.workplace = folder, site, at
        self.screen: Answer
        self.runner = asyncio.Runner()
        self.store = self._open()

    def close(self) -> None:
        """Stop the store and the loop it runs on."""
        self.runner.run(self.store.close())
        self.runner.close()

    def restart(self, **changes: Any) -> None:
        """Stop the agent and start it again, with other settings when given."""
        self.runner.run(self.store.close())
        self.site = replace(self.site, **changes)
        self.store = self._open()

    def at(self, workplace: str) -> Bench:
        """Go to another workplace."""
        self.workplace = workplace
        return self

    # what HQ gives

    def given_products(self, *products: e.ProductReceived) -> None:
        """HQ described these products."""
        self.do(c.ReceiveProducts(command_id=new_id(), products=products))

    def given_picklist(self, picklist_id: str, *lines: Line, priority: e.Priority = "normal") -> Receipt:
        """HQ gave a picklist; lines without an order of their own are for order `O-<picklist>`."""
        orders: dict[str, list[tuple[str, Line]]] = {}
        tasks = []
        for place, each in enumerate(lines, 1):
            order, line_id = each.order or f"O-{picklist_id}", f"{picklist_id}-L{place}"
            orders.setdefault(order, []).append((line_id, each))
            tasks.append(
                e.TaskPlan(
                    task_id=f"{picklist_id}-T{place}",
                    fulfillment_id=f"F-{order}",
                    order_line_id=line_id,
                    location_id=each.at,
                    sku=each.sku,
                    qty=each.qty,
                )
            )
        picklist = e.PicklistReceived(
            lane="main", picklist_id=picklist_id, priority=priority, ship_by=None, tasks=tuple(tasks)
        )
        fulfillments = tuple(_fulfillment(order, wanted, picked=False) for order, wanted in orders.items())
        return self.do(
            c.ReceiveWork(command_id=new_id(), fulfillments=fulfillments, parties=(_PARTY,), picklist=picklist)
        )

    def given_order(self, order: str, *lines: Line, metadata: dict[str, Any] | None = None) -> Receipt:
        """HQ gave an order that another station has picked."""
        wanted = [(f"{order}-L{place}", each) for place, each in enumerate(lines, 1)]
        fulfillments = (_fulfillment(order, wanted, picked=True).model_copy(update={"metadata": metadata}),)
        return self.do(c.ReceiveWork(command_id=new_id(), fulfillments=fulfillments, parties=(_PARTY,)))

    # what people do

    def signed_in(self, worker: Worker = ANA) -> Bench:
        """The worker's badge was scanned here."""
        self.scan(worker.badge)
        return self

    def scan(self, *codes: str, symbology: str | None = None, command_id: UUID | None = None) -> Receipt:
        """Scan codes one after the other; the screen shows the last answer."""
        for code in codes:
            receipt = self.floor(c.Scan, code=code, symbology=symbology, command_id=command_id or new_id())
        return receipt

    def key(self, quantity: int | str) -> Receipt:
        """Key how many are in hand in all."""
        return self.floor(c.KeyQuantity, quantity=Decimal(quantity))

    def open(self, work_id: str) -> Receipt:
        """Choose work from the list."""
        return self.floor(c.OpenWork, id=work_id)

    def skip(self) -> Receipt:
        """Put the line off."""
        return self.floor(c.Skip)

    def short(self, reason: str = "shelf empty") -> Receipt:
        """Say that the rest is not there."""
        return self.floor(c.MarkShort, reason=reason)

    def undo(self) -> Receipt:
        """Take the last count back."""
        return self.floor(c.Undo)

    def complete(self) -> Receipt:
        """Complete the picklist."""
        return self.floor(c.Complete)

    def weigh(self, grams: int | None, **of: Any) -> Receipt:
        """Weigh the parcel: a fresh, stable weight in range, unless `of` says otherwise."""
        usual = {
            "scale": "scale-1",
            "stability": "stable",
            "range": "ok",
            "newer_than_request": True,
            "emptied": True,
        }
        return self.floor(c.Weigh, weight_mg=None if grams is None else grams * 1000, **{**usual, **of})

    def seal(self) -> Receipt:
        """Seal the parcel."""
        return self.floor(c.Seal)

    def next_parcel(self) -> Receipt:
        """The box is full: go on with another one."""
        return self.floor(c.NextParcel)

    def repack(self, sku: str, qty: int, source: int, target: int, *serials: str) -> Receipt:
        """Take units out of one parcel and put them into another."""
        return self.floor(c.Repack, sku=sku, qty=Decimal(qty), source=source, target=target, serials=serials)

    def confirm(self, code: str | None = None) -> Receipt:
        """Confirm the notes of the order, or one of them."""
        return self.floor(c.ConfirmNotes, code=code)

    def decide_label(self, job_id: str, decision: str) -> Receipt:
        """Say what became of a label."""
        return self.floor(c.DecideLabel, job_id=job_id, decision=decision)

    def sign_out(self) -> Receipt:
        """Leave the workplace."""
        return self.floor(c.SignOut)

    def packed(self, order: str, grams: int) -> Receipt:
        """Open an order that is ready, put everything in, weigh it at `grams` and seal it."""
        self.scan(order)
        while (current := self.pack_work(order).current) is not None:
            self.scan(current.sku)
        self.weigh(grams, reason="heavy wrapping")
        return self.seal()

    def floor(self, command: type[c.FloorCommand], **of: Any) -> Receipt:
        """Any act at this workplace."""
        return self.do(command(**{"command_id": new_id(), "workplace": self.workplace, **of}))

    def do(self, command: c.Command) -> Receipt:
        """Execute a command; the screen shows its answer."""
        receipt = self.runner.run(self.store.execute(command))
        self.screen = receipt.answer
        self.runner.run(self.store.run(memory_is_true))
        return receipt

    def each_says(self, text: str, *acts: Callable[[], Receipt]) -> None:
        """Whether the screen says just this after each of the acts."""
        for act in acts:
            act()
            assert self.screen.text == text

    # what is true then

    @property
    def place(self) -> Place:
        """This workplace."""
        return load_place(self.store.reader, self.workplace)

    def pick_work(self, picklist_id: str) -> PickWork:
        """A picklist as it stands."""
        work = load_pick(self.store.reader, picklist_id, self.site.picking)
        assert work is not None, f"there is no picklist {picklist_id}"
        return work

    def pack_work(self, order: str) -> PackWork:
        """An order at the pack station as it stands."""
        work = load_pack(self.store.reader, f"F-{order}")
        assert work is not None, f"there is no order {order}"
        return work

    def task(self, sku: str) -> Task:
        """The task for this product on whatever list it stands."""
        row = self.store.reader.execute("SELECT picklist_id FROM pick_task WHERE sku = ?", (sku,)).fetchone()
        return next(task for task in self.pick_work(row[0]).tasks if task.sku == sku)

    def pack_line(self, order: str, sku: str) -> PackLine:
        """The line of an order for this product."""
        return next(line for line in self.pack_work(order).lines if line.sku == sku)

    def facts(self, kind: type[F]) -> list[F]:
        """Every fact of one kind, oldest first."""
        return [each.fact for each in journal.read(self.store.reader) if isinstance(each.fact, kind)]

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the store."""
        return [tuple(row) for row in self.store.reader.execute(sql, values)]

    def dump(self) -> list[str]:
        """All that the facts add up to."""
        return list(projections.dump(self.store.reader))

    def rebuilt_dump(self) -> list[str]:
        """The same, after the views were dropped and made again from the journal."""

        def rebuild(tx: Transaction) -> None:
            projections.clear(tx.connection)
            for each in journal.read(tx.connection):
                projections.apply(tx.connection, each.seq, each.fact)

        self.runner.run(self.store.run(rebuild))
        return self.dump()

    def _open(self) -> Store:
        store = Store(self.folder, self.site, SystemClock(), "0")
        self.runner.run(store.open())
        return store


def memory_is_true(tx: Transaction) -> None:
    """What the writer remembers is what it would read."""
    kept = tx.remembered
    for remembered, load in (
        (kept.places, load_place),
        (kept.picks, lambda db, key: load_pick(db, key, tx.site.picking)),
        (kept.packs, load_pack),
        (kept.meanings_of, load_meanings),
    ):
        assert remembered == {key: load(tx.connection, key) for key in remembered}


_PARTY = c.Party(party_id="party-1", name="Zoë Müller", address={"city": "Łódź"})


def _fulfillment(order: str, lines: list[tuple[str, Line]], *, picked: bool) -> e.FulfillmentReceived:
    return e.FulfillmentReceived(
        lane="main",
        fulfillment_id=f"F-{order}",
        order_id=order,
        warehouse_id="WH-1",
        party_id="party-1",
        lines=tuple(
            e.WorkLine(order_line_id=line_id, sku=each.sku, qty=each.qty, picked=each.qty if picked else Decimal(0))
            for line_id, each in lines
        ),
        picked=picked,
    )
