"""How each command that is no scan is most likely done: what it is about is looked up in the store.

A recipe gives the members of a command, or None where there is nothing now that it could be about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from local_store.domain import commands as c
from tests.support.floor import Bench
from tests.support.floor_guides import first
from tests.support.whole_floor import PHOTO_SHA

Members = dict[str, Any] | None
Recipe = Callable[[Bench], Members]
ONE = Decimal(1)
SECOND = {"approved_by": "ben"}


def _of(sql: str, **members: Any) -> Recipe:
    """The members that a row has, by the names of its columns, beside `members`; None where there is no row."""

    def recipe(bench: Bench) -> Members:
        row = bench.store.reader.execute(f"{sql} LIMIT 1").fetchone()
        return (
            None
            if row is None
            else {**dict(zip((name for name, *_ in _names(bench, sql)), row, strict=True)), **members}
        )

    return recipe


def _names(bench: Bench, sql: str) -> tuple[tuple[Any, ...], ...]:
    return bench.store.reader.execute(f"{sql} LIMIT 0").description


def _always(**members: Any) -> Recipe:
    return lambda _bench: members


def _record_pack(bench: Bench) -> Members:
    order = first(
        bench, "SELECT fulfillment_id FROM fulfillment WHERE session = 'ready' AND fulfillment_id <> 'F-O-9'"
    )
    if order is None:
        return None
    lines = bench.query(
        "SELECT order_line_id, picked FROM fulfillment_line WHERE fulfillment_id = ? AND picked <> '0'", order
    )
    number = first(bench, "SELECT count(*) FROM package")
    package = {
        "package_id": f"BOX-{number}",
        "weight_mg": 500_000,
        "items": [{"line_id": line_id, "qty": qty} for line_id, qty in lines],
        "weight_reason": "heavy",
    }
    return {"workplace": "pack-1", "fulfillment_ids": (order,), "packages": (package,)}


def _scan_picks(bench: Bench) -> Members:
    row = bench.store.reader.execute(
        "SELECT t.picklist_id, t.location_id, t.sku FROM pick_task t JOIN picklist USING (picklist_id)"
        " WHERE picklist.status = 'in_progress' AND t.status IN ('open', 'skipped') AND t.sku LIKE 'SKU-%' LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    scan = {"location_id": row[1], "sku": row[2], "qty": "1", "timestamp": "2027-03-31T10:00:00Z"}
    return {"picklist_id": row[0], "scans": (scan, {"fault": "no JSON"})}


def _instead(bench: Bench) -> Members:
    """A plain product for a plain one that is short, at the risk that it is replaced already."""
    row = bench.store.reader.execute(
        "SELECT t.picklist_id, t.task_id, CASE t.sku WHEN 'SKU-1' THEN 'SKU-2' ELSE 'SKU-1' END AS sku"
        " FROM pick_task t JOIN picklist p USING (picklist_id)"
        " WHERE p.status = 'in_progress' AND t.status = 'short' AND t.sku LIKE 'SKU-%' LIMIT 1"
    ).fetchone()
    return None if row is None else dict(zip(("picklist_id", "task_id", "sku"), row, strict=True))


def _over(bench: Bench) -> Members:
    row = bench.store.reader.execute(
        "SELECT t.picklist_id, t.task_id FROM pick_task t JOIN picklist p USING (picklist_id)"
        " WHERE p.status = 'in_progress' AND t.status = 'done' AND t.sku LIKE 'SKU-%' LIMIT 1"
    ).fetchone()
    return None if row is None else {"picklist_id": row[0], "task_id": row[1], "qty": ONE, "reason": "full box"}


def _adjust_picks(bench: Bench) -> Members:
    row = bench.store.reader.execute(
        "SELECT t.picklist_id, t.task_id FROM pick_task t JOIN picklist USING (picklist_id)"
        " WHERE picklist.status = 'in_progress' AND t.status IN ('open', 'skipped') LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    said = ("short", "reopen", "undo")
    adjustments = tuple({"adjustment_id": f"a-{kind}", "task_id": row[1], "kind": kind} for kind in said)
    return {"picklist_id": row[0], "adjustments": adjustments}


def _rebin(bench: Bench) -> Members:
    row = bench.store.reader.execute(
        "SELECT t.picklist_id, t.task_id FROM pick_task t"
        " JOIN fulfillment_line l USING (fulfillment_id, order_line_id)"
        " WHERE t.status = 'done' AND t.sku LIKE 'SKU-%' AND CAST(l.packed AS REAL) < CAST(l.picked AS REAL) LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    return {
        "picklist_id": row[0],
        "rebins": ({"rebin_id": "r", "task_id": row[1], "qty": "1", "location_id": "A-1"},),
    }


def _open_manifest(bench: Bench) -> Members:
    here = bench.query(
        "SELECT p.sscc FROM parcel r JOIN package p USING (package_id) WHERE r.state = 'here' AND p.status = 'sealed'"
    )
    of = {"carrier": "DHL", "dock": "load-1", "dispatch_date": "2027-03-31"}
    return {**of, "parcels": tuple(sscc for (sscc,) in here)}


def _notice(bench: Bench) -> Members:
    manifest = first(bench, "SELECT manifest_id FROM manifest WHERE status = 'closed'")
    number = first(bench, "SELECT count(*) FROM notice")
    return None if manifest is None else {"asn_reference": f"OUT-{number}", "manifest_id": manifest}


def _correction(bench: Bench) -> Members:
    receipt = first(bench, "SELECT receipt_id FROM received_line WHERE sku LIKE 'SKU-%' AND line = 0")
    return (
        None
        if receipt is None
        else {"receipt_id": receipt, "lines": ({"line": 0, "change": 1},), "reason": "one more", **SECOND}
    )


_TRACED = (
    "SELECT l.fulfillment_id, l.order_line_id FROM fulfillment_line l"
    " JOIN pick_task USING (fulfillment_id, order_line_id) WHERE l.picked <> '0'"
)
_OPEN_LIST = "SELECT picklist_id FROM picklist WHERE status = 'in_progress'"
_FREE_LIST = "SELECT picklist_id FROM picklist WHERE status = 'open' AND workplace IS NULL"
_VENDOR = {"vendor": "Saws & Co", "lines": ({"sku": "SKU-1", "qty": ONE, "location_id": "A-1"},)}
_BACK = {
    "order_id": "O-8",
    "reason": "damaged",
    "expected_lines": ({"order_line_id": "O-8-L1", "qty": ONE},),
    "return_method": "ship",
}

RECIPES: Mapping[type[c.Command], Recipe] = {
    c.RecordBill: _always(sku="BOX", parts=({"sku": "SKU-1", "qty": ONE}, {"sku": "SKU-2", "qty": ONE})),
    c.MakeWorkOrder: _always(sku="BOX", qty=Decimal(2)),
    c.TakeApartKit: _of(
        "SELECT build_id FROM kit_build WHERE NOT taken_apart AND into_build IS NULL", reason="no use"
    ),
    c.RequestCount: _always(location_id="C-3", reason="why not"),
    c.PlanCounts: _always(),
    c.SettleCount: _of("SELECT count_task_id FROM count_task WHERE status = 'recount'", choice="accept"),
    c.AdjustStock: _always(sku="SKU-1", location_id="A-1", qty=Decimal(20), reason="why not"),
    c.CloseDay: _always(leave_open=True),
    c.RegisterDevice: _always(device_id="scanner-1", device_kind="scanner"),
    c.LabelGoods: _always(sku="BAG", workplace="receive-1"),
    c.AllowGoods: _always(inbound_id="ASN-1", sku="SKU-1", qty=Decimal(9), reason="more came", **SECOND),
    c.CloseInbound: _of("SELECT inbound_id FROM inbound WHERE inbound_id = 'PO-1'", **SECOND),
    c.ReopenInbound: _of("SELECT inbound_id FROM inbound WHERE inbound_id = 'PO-1'", reason="more came"),
    c.RejectGoods: _always(inbound_id="ASN-1", sku="SKU-1", qty=ONE, reason="wet", photo=PHOTO_SHA),
    c.CorrectReceipt: _correction,
    c.MoveStock: _always(from_location_id="A-1", to_location_id="B-2", sku="SKU-1", qty=ONE),
    c.ConsumeLot: _of(f"{_TRACED} AND l.sku = 'SKU-1'", lot_id="L9", qty=ONE),
    c.AssignSerials: _of(f"{_TRACED} AND l.sku = 'SKU-1'", serials=("X1",)),
    c.OpenManifest: _open_manifest,
    c.UnloadParcel: _of(
        "SELECT m.manifest_id, p.sscc AS parcel FROM manifest m JOIN parcel USING (manifest_id)"
        " JOIN package p USING (package_id) WHERE m.status = 'open'",
        reason="wrong dock",
    ),
    c.CloseManifest: _of(
        "SELECT manifest_id FROM manifest JOIN parcel USING (manifest_id) WHERE status = 'open'", without_missing=True
    ),
    c.MakeNotice: _notice,
    c.OpenPackSession: _of(
        "SELECT fulfillment_id FROM fulfillment WHERE session = 'ready'", workplace="pack-1", session_of="ana"
    ),
    c.RecordPack: _record_pack,
    c.SealPackage: _of("SELECT package_id FROM package WHERE status = 'weighed'", workplace="pack-1"),
    c.VoidPackage: _of(
        "SELECT package_id FROM parcel JOIN package USING (package_id) WHERE state = 'here' AND status = 'sealed'",
        reason="wrong",
    ),
    c.RequestShipment: _of(
        "SELECT fulfillment_id FROM fulfillment WHERE session = 'packed' AND fulfillment_id NOT IN"
        " (SELECT body ->> '$.fulfillment_id' FROM journal WHERE kind = 'shipment.requested')"
    ),
    c.AssignPicklist: _of(_FREE_LIST, assignee_id="ana", device_id="handheld of ana"),
    c.StartPicklist: _of("SELECT picklist_id FROM picklist WHERE status = 'open' ORDER BY picklist_id DESC"),
    c.ScanPicks: _scan_picks,
    c.AdjustPicks: _adjust_picks,
    c.ReleasePicklist: _of(_OPEN_LIST, reason="a pause"),
    c.CompletePicklist: _of(
        f"{_OPEN_LIST} AND picklist_id NOT IN (SELECT picklist_id FROM pick_task WHERE status IN ('open', 'skipped'))"
    ),
    c.RebinPicks: _rebin,
    c.SubstitutePick: _instead,
    c.OverPick: _over,
    c.GivePicklist: _of(
        "SELECT picklist_id FROM picklist WHERE status <> 'completed' AND workplace IS NULL", to_worker_id="ana"
    ),
    c.PrioritisePicklist: _of("SELECT picklist_id FROM picklist WHERE status <> 'completed'", priority="high"),
    c.ChooseZone: _always(zone=None, workplace="pick-1"),
    c.StartQc: _of("SELECT return_id AS subject_id FROM returned"),
    c.RecordQc: _of("SELECT qc_id FROM qc WHERE status = 'open'", passed=True, units=Decimal(9), photos=(PHOTO_SHA,)),
    c.ResolveQc: _of("SELECT qc_id FROM qc WHERE status = 'open'", disposition="reshelve"),
    c.HoldStock: _always(sku="BAG", reason="smells"),
    c.ReleaseStock: _of("SELECT hold_id FROM stock_hold", reason="fine"),
    c.CreateReturn: _always(**_BACK),
    c.ReceiveReturn: _of(
        "SELECT return_id FROM returned WHERE status = 'awaiting_return' ORDER BY made_seq DESC",
        lines=({"sku": "SKU-1", "qty": ONE},),
    ),
    c.InspectReturn: _of(
        "SELECT return_id FROM returned WHERE status = 'received' ORDER BY made_seq DESC", disposition="reshelve"
    ),
    c.CompleteReturn: _of("SELECT return_id FROM returned WHERE status = 'inspected' ORDER BY made_seq DESC"),
    c.ShipBackReturn: _of("SELECT return_id FROM returned WHERE restocked AND NOT shipped_back"),
    c.ShipToVendor: _always(**_VENDOR),
    c.RequestWave: lambda bench: {"fulfillment_ids": (f"F-NEW-{first(bench, 'SELECT count(*) FROM wave_order')}",)},
    c.CreateTask: _always(type="other", instructions="Sweep the dock."),
    c.ClaimTask: _of("SELECT task_id FROM hand_task WHERE status = 'open'"),
    c.CompleteTask: _of("SELECT task_id FROM hand_task WHERE status <> 'done'"),
    c.RecordReceipt: _always(badge="BADGE-ANA", against="blind", lines=({"sku": "SKU-1", "qty": ONE},)),
    c.CountStock: _always(badge="BADGE-ANA", sku="SKU-1", location_id="A-1", qty=Decimal(5)),
    c.LinkCode: _always(badge="BADGE-ANA", code="4006381333931", sku="BAG"),
    c.UnlinkCode: _always(badge="BADGE-ANA", code="4006381333931"),
    c.DecideException: _of(
        "SELECT exception_id, proposed AS choice FROM work_exception WHERE state <> 'decided'", badge="BADGE-ANA"
    ),
}
"""Of each command that no guide does by itself."""


def _at_pack(sql: str = "", **members: Any) -> Recipe:
    """At the first pack station where an order is open, with what a row says."""

    def recipe(bench: Bench) -> Members:
        row = bench.store.reader.execute(
            "SELECT workplace, fulfillment_id FROM place WHERE workplace LIKE 'pack-%' AND fulfillment_id IS NOT NULL"
        ).fetchone()
        told = _of(sql)(bench) if sql else {}
        return None if row is None or told is None else {"workplace": row[0], **members, **told}

    return recipe


def _at_pick(kind: str) -> Recipe:
    """At a pick place where a line is open."""

    def recipe(bench: Bench) -> Members:
        for workplace, picklist_id in bench.query(
            "SELECT workplace, picklist_id FROM place WHERE workplace LIKE 'pick-%' AND picklist_id IS NOT NULL"
        ):
            task = bench.pick_work(picklist_id).current
            if kind == "serials" and task is not None and task.sku == "SAW":
                return {"workplace": workplace, "serials": ("P1",)}
            if kind == "short" and task is not None:
                return {"workplace": workplace, "reason": "shelf empty"}
            if kind == "skip" and task is not None:
                return {"workplace": workplace}
        return None

    return recipe


_JOB = "SELECT job_id FROM spool_job WHERE file = ''"
FLOOR_RECIPES: Mapping[type[c.FloorCommand], Recipe] = {
    c.ChooseCarton: _at_pack(carton_id="SMALL"),
    c.UseMaterial: _at_pack(material="paper", qty=ONE, weight_mg=5_000),
    c.Measure: _at_pack(length_mm=200, width_mm=200, height_mm=200),
    c.Photograph: _at_pack(sha256=PHOTO_SHA),
    c.NextParcel: _at_pack(),
    c.ChooseParcel: _at_pack(number=1),
    c.Repack: _at_pack(sku="SKU-1", qty=ONE, source=1, target=2),
    c.ConfirmNotes: _at_pack(),
    c.Skip: _at_pick("skip"),
    c.MarkShort: _at_pick("short"),
    c.KeySerials: _at_pick("serials"),
    c.Replan: _of(
        "SELECT workplace FROM place WHERE workplace LIKE 'pick-%' AND picklist_id IS NOT NULL", location_id="B-2"
    ),
    c.DecideLabel: _of(f"{_JOB} AND state = 'uncertain'", workplace="pack-1", decision="came_out"),
    c.ReprintLabel: _of(f"{_JOB} AND state = 'confirmed'", workplace="pack-1", reason="torn"),
    c.VoidLabel: _of(
        f"{_JOB} AND state NOT IN ('voided', 'cancelled') AND template LIKE 'gs1%'",
        workplace="pack-1",
        reason="wrong",
    ),
    c.PrintLabel: _always(workplace="pack-1", template="location", values={"code": "A-1", "name": "A-1"}),
    c.OpenWork: _always(workplace="return-2", id="RMA-1"),
    c.SignOut: _always(workplace="load-2"),
}
"""The same at a workplace."""

NEVER = {
    "pin-unlock": "nobody was wrong with a PIN: that is no command",
    "exception-decide": "HQ takes nothing back on this day",
    "label-decision": "no printer is there that could leave a label in doubt",
    "label-reprint": "no label ever comes out",
}
"""Kinds of command that the day of the machine leaves out, and why."""

STEPS_OF = {"pick": 30, "pack": 14}
IN_BETWEEN: Mapping[tuple[str, int], tuple[type[c.Command], ...]] = {
    ("pick", 0): (c.Skip,),
    ("pick", 6): (c.MarkShort, c.Replan, c.SubstitutePick, c.OverPick),
    **{("pick", step): (c.KeySerials, c.CompletePicklist) for step in range(7, 30)},
    ("pack", 0): (c.ConfirmNotes, c.ChooseCarton, c.UseMaterial, c.Measure, c.Photograph),
    ("pack", 1): (c.NextParcel,),
    ("pack", 2): (c.ChooseParcel, c.Repack),
}
"""What people do at a workplace after so many steps beside what the screen says."""
