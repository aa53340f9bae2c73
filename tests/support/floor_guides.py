"""What people do next at a workplace of each kind, as its screen says, on the store of `whole_floor`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Protocol

from local_store.domain import commands as c
from tests.support.floor import Bench
from tests.support.whole_floor import PALLET

TRUSTED = {"stability": "stable", "range": "ok", "newer_than_request": True, "emptied": True}
"""A weight as a good scale tells it."""


class Acts(Protocol):
    """Who can do things on a bench."""

    bench: Bench

    def act(self, kind: type[c.Command], place: str | None = None, **of: Any) -> Any:
        """One command, at a place where it is one of a workplace."""


Guide = Callable[[Acts, str], None]


def first(bench: Bench, sql: str, *values: Any) -> Any:
    """The first column of the first row; None where there is no row."""
    rows = bench.query(f"{sql} LIMIT 1", *values)
    return rows[0][0] if rows else None


def picking(who: Acts, place: str) -> None:
    """Take list after list, say of each unit what it wants said, and put it into the tote of its order."""
    picklist_id = who.bench.at(place).place.picklist_id
    if picklist_id is None:
        waiting = first(who.bench, "SELECT picklist_id FROM picklist WHERE status = 'open' AND given_to IS NULL")
        mine = {"pick-1": "PL-7", "pick-2": "PL-8"}[place]
        done = first(who.bench, "SELECT status FROM picklist WHERE picklist_id = ?", mine) == "completed"
        who.act(c.Scan, place, code=(waiting or mine) if done else mine)
        return
    work = who.bench.pick_work(picklist_id)
    task = work.current
    if work.put_task_id is not None:
        who.act(c.Scan, place, code=f"TOTE-{work.task(work.put_task_id).order_id}")
    elif task is None:
        who.act(c.Complete, place)
    elif work.location_id != task.location_id:
        who.act(c.Scan, place, code=task.location_id)
    else:
        who.act(c.Scan, place, code=task.sku)
        _say_what_it_wants(who, place, task.sku)


def _say_what_it_wants(who: Acts, place: str, sku: str) -> None:
    """The lot, the expiry date, and the next serial number that is within reach."""
    if sku == "TEA":
        for name, value in (("lot", "L1"), ("expiry", "2031-01-31")):
            who.act(c.SetValue, place, name=name, value=value)
    if sku in {"SAW", "KIT"}:
        who.act(c.Scan, place, code=_fresh_serial(who))


def _fresh_serial(who: Acts) -> str:
    """A number that nobody scanned before."""
    return f"N{first(who.bench, 'SELECT max(seq) FROM journal')}"


def packing(who: Acts, place: str) -> None:
    """Pack what is ready: read its notes, put all of it in, weigh, seal, and say that the label came out."""
    fulfillment_id = who.bench.at(place).place.fulfillment_id
    if fulfillment_id is None:
        ready = first(who.bench, "SELECT order_id FROM fulfillment WHERE session = 'ready' ORDER BY ready_seq")
        who.act(c.Scan, place, code=ready or "O-1")
        return
    work = who.bench.pack_work(fulfillment_id.removeprefix("F-"))
    if any(not note.confirmed for note in work.notes):
        who.act(c.Scan, place, code="CONFIRM")
    elif work.current is not None:
        who.act(c.Scan, place, code=work.current.sku)
        if work.current.serial_required:
            who.act(c.Scan, place, code=_picked_serial(who, work.picklist_id, work.current.sku))
    elif work.turn is not None and work.turn.weight_mg is None:
        who.act(c.Weigh, place, weight_mg=300_000, reason="heavy", **TRUSTED)
    else:
        who.act(c.Seal, place)


def _picked_serial(who: Acts, picklist_id: str | None, sku: str) -> str:
    at = f"picked:{picklist_id}"
    return first(who.bench, "SELECT serial FROM serial WHERE sku = ? AND account = ?", sku, at) or _fresh_serial(who)


def counting(who: Acts, place: str) -> None:
    """Count some units and a saw wherever this worker may count, then say that it is through."""
    here = who.bench.at(place).place
    if here.work_id is None:
        waiting = first(
            who.bench,
            "SELECT location_id FROM count_task WHERE status <> 'settled' AND NOT EXISTS"
            " (SELECT 1 FROM json_each(counters) WHERE value = ?) ORDER BY seq",
            here.worker_id,
        )
        if waiting:
            who.act(c.Scan, place, code=waiting)
        else:
            who.act(c.RequestCount, worker_id="ana", location_id="B-2", reason="why not")
        return
    about = "SELECT location_id FROM count_task WHERE count_task_id = (SELECT about FROM tally WHERE tally_id = ?)"
    location_id = first(who.bench, about, here.work_id)
    counted = first(who.bench, "SELECT count(*) FROM tally_count WHERE tally_id = ?", here.work_id)
    if (
        first(who.bench, "SELECT location_id FROM tally WHERE tally_id = ?", here.work_id) != location_id
        or counted > 2
    ):
        who.act(c.Scan, place, code=location_id)
    elif counted == 0:
        who.act(c.Scan, place, code="SKU-1")
        who.act(c.KeyQuantity, place, quantity=Decimal(18))
    else:
        who.act(c.Scan, place, code="SAW")
        who.act(c.Scan, place, code=_saw_at(who, location_id))


def _saw_at(who: Acts, location_id: str) -> str:
    at = f"location:{location_id}"
    return first(who.bench, "SELECT serial FROM serial WHERE sku = 'SAW' AND account = ?", at) or _fresh_serial(who)


def receiving(who: Acts, place: str) -> None:
    """The pallet of the delivery and what came beside it; at the other desk the purchase order, then without any."""
    here = who.bench.at(place).place
    papers = {"receive-1": "ASN-1", "receive-2": "PO-1"}[place]
    if here.work_id is None:
        still = first(who.bench, "SELECT 1 FROM tally WHERE about = ? AND status = 'closed'", papers) is None
        who.act(c.Scan, place, code=papers if still else "BLIND")
        return
    counted = first(who.bench, "SELECT count(*) FROM tally_count WHERE tally_id = ?", here.work_id)
    about = first(who.bench, "SELECT about FROM tally WHERE tally_id = ?", here.work_id)
    in_hand = first(who.bench, "SELECT in_hand FROM tally WHERE tally_id = ?", here.work_id)
    if in_hand is not None and '"BAG"' in in_hand:
        who.act(c.Weigh, place, weight_mg=900_000, **TRUSTED)
    elif counted == 0:
        who.act(c.Scan, place, code={"ASN-1": PALLET, "PO-1": "SKU-2"}.get(about, "SAW"))
        if about not in {"ASN-1", "PO-1"}:
            who.act(c.Scan, place, code=_fresh_serial(who))
    elif counted in {1, 3}:
        who.act(c.Scan, place, code={"PO-1": "BAG"}.get(about, "SAW"))
        if about != "PO-1":
            who.act(c.Scan, place, code=_fresh_serial(who))
        else:
            who.act(c.Weigh, place, weight_mg=900_000, **TRUSTED)
    else:
        if first(
            who.bench, "SELECT count(*) FROM tally_count WHERE tally_id = ? AND condition = 'good'", here.work_id
        ):
            who.act(c.SetValue, place, name="condition", value="damaged")
        who.act(c.Complete, place)


def putting_away(who: Acts, place: str) -> None:
    """Take from the dock what is there, unit by unit or the pallet, and bring it where the screen says."""
    hand = first(who.bench, "SELECT coalesce(location_id, 'B-2') FROM put_away_hand WHERE workplace = ?", place)
    if hand is not None:
        who.act(c.Scan, place, code=hand)
        return
    if first(who.bench, "SELECT container FROM dock_unit WHERE millionths > 0") is not None:
        who.act(c.Scan, place, code=PALLET)
        return
    serial = first(who.bench, "SELECT serial FROM serial WHERE account = 'dock' ORDER BY sku, serial")
    sku = first(who.bench, "SELECT sku FROM stock WHERE account = 'dock' AND millionths > 0 ORDER BY sku")
    who.act(c.Scan, place, code=serial or sku or "SKU-1")


def coming_back(who: Acts, place: str) -> None:
    """Scan the return, its goods, and the return again."""
    here = who.bench.at(place).place
    if here.work_id is None:
        who.act(c.Scan, place, code="RMA-1")
        return
    counted = first(who.bench, "SELECT count(*) FROM tally_count WHERE tally_id = ?", here.work_id)
    if counted == 0:
        who.act(c.Scan, place, code="SKU-1")
    elif counted == 1:
        who.act(c.Scan, place, code="SAW")
        who.act(c.Scan, place, code=_fresh_serial(who))
    else:
        who.act(c.Complete, place)


def inspecting(who: Acts, place: str) -> None:
    """Scan the return, then a word on the wall and what it is about."""
    here = who.bench.at(place).place
    if here.work_id is None:
        who.act(c.Scan, place, code="RMA-1")
        return
    if first(who.bench, "SELECT location_id FROM tally WHERE tally_id = ?", here.work_id) is None:
        who.act(c.Scan, place, code="reshelve")
        return
    counted = first(who.bench, "SELECT count(*) FROM tally_count WHERE tally_id = ?", here.work_id)
    serial = first(who.bench, "SELECT serial FROM serial WHERE sku = 'SAW' AND account = 'returns'")
    if counted == 0:
        who.act(c.Scan, place, code="SKU-1")
    elif counted == 1 and serial is not None:
        who.act(c.Scan, place, code="quarantine")
        who.act(c.Scan, place, code="SAW")
        who.act(c.Scan, place, code=serial)
    else:
        who.act(c.Complete, place)


def building(who: Acts, place: str) -> None:
    """Boxes at the first place, kits with a box and a saw at the second."""
    here = who.bench.at(place).place
    if here.work_id is None:
        who.act(c.Scan, place, code={"kit-1": "WO-2", "kit-2": "WO-1"}[place])
        return
    counted = first(who.bench, "SELECT count(*) FROM tally_count WHERE tally_id = ?", here.work_id)
    if first(who.bench, "SELECT location_id FROM tally WHERE tally_id = ?", here.work_id) is None:
        who.act(c.Scan, place, code="A-1")
    elif place == "kit-1":
        parts = {0: "SKU-1", 1: "SKU-2"}
        who.act(c.Scan, place, code=parts.get(counted, "SKU-1"))
        if counted > 1:
            who.act(c.MarkShort, place, reason="only so many")
    elif counted < 3:
        who.act(c.Scan, place, code=("SAW", "BOX", "KIT")[counted])
        if counted != 1:
            who.act(c.Scan, place, code=_saw_at(who, "A-1") if counted == 0 else _fresh_serial(who))
    else:
        who.act(c.Complete, place)


def loading(who: Acts, place: str) -> None:
    """A manifest for what is sealed, by its labels, then shut the doors."""
    manifest_id = who.bench.at(place).place.work_id
    waiting = first(
        who.bench,
        "SELECT p.sscc FROM parcel r JOIN package p USING (package_id)"
        " WHERE r.state = 'here' AND p.status = 'sealed'",
    )
    if manifest_id is None:
        code = first(who.bench, "SELECT manifest_id FROM manifest WHERE status = 'open' AND workplace = ?", place)
        if code is None:
            of = {"carrier": "DHL", "dock": place, "dispatch_date": "2027-03-31", "workplace": place}
            who.act(c.OpenManifest, worker_id="ana", **of)
        else:
            who.act(c.Scan, place, code=code)
    elif waiting is not None:
        who.act(c.Scan, place, code=waiting)
    else:
        who.act(c.Complete, place)


GUIDES: Mapping[str, Guide] = {
    "pick": picking,
    "pack": packing,
    "count": counting,
    "receive": receiving,
    "put_away": putting_away,
    "return": coming_back,
    "inspect": inspecting,
    "kit": building,
    "load": loading,
}
"""What somebody does next at a workplace of a kind."""
