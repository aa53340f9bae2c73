"""What seed 001 does behind a job id: allocations and labels for many, and exports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from hq.calls import Act, Api, Call, pack_json, unpack_json
from hq.idempotency import Answer
from hq.keys import FLOOR, OFFICE
from hq.ofs import allocations, jobs, shipments
from hq.ofs.jobs import Element
from hq.ofs.models import MAX_BATCH, AllocationRequest, Body, Ident, Place

routes = Api()


class BulkAllocation(Body):
    """Many requests as `/allocations/request` takes them."""

    requests: tuple[AllocationRequest, ...] = Field(min_length=1, max_length=MAX_BATCH)


class BulkLabels(Body):
    """Shipments that want their labels."""

    shipment_ids: tuple[Ident, ...] = Field(min_length=1, max_length=MAX_BATCH)
    label_format: Literal["zpl"] = "zpl"


class Export(Body):
    """What to write, one JSON object to a line; `exceptions` are the tasks that ended short."""

    kind: Literal["shipments", "manifests", "exceptions"]
    warehouse_id: Place | None = None


@routes.writes("/allocations/bulk", BulkAllocation, OFFICE)
def allocate(call: Call, body: BulkAllocation) -> Answer:
    """Reserve stock for many fulfillments, each alone; 202 with a job id."""
    return jobs.start(call, "allocations", [each.model_dump(mode="json") for each in body.requests])


@routes.writes("/shipments/bulk-generate-labels", BulkLabels, *FLOOR)
def generate_labels(call: Call, body: BulkLabels) -> Answer:
    """Make the labels of many shipments; 202 with a job id."""
    return jobs.start(call, "labels", [{"shipment_id": ident} for ident in body.shipment_ids])


@routes.writes("/exports", Export, OFFICE)
def export(call: Call, body: Export) -> Answer:
    """Write a file; 202 with a job id, whose answer has the file's address in the end."""
    return jobs.start(call, "export", [body.model_dump()])


def _allocate_one(act: Act, _job_id: str, element: Mapping[str, Any]) -> dict[str, Any]:
    return allocations.ask(act, AllocationRequest.model_validate_json(pack_json(element)))


def _label_one(act: Act, _job_id: str, element: Mapping[str, Any]) -> dict[str, Any]:
    row = shipments.labelled(act, element["shipment_id"])
    return {"shipment_id": row["shipment_id"], "carrier_tracking_number": row["tracking_number"]}


EXPORTS = {
    "shipments": "SELECT shipment_id, fulfillment_id, order_id, shipment.status, from_warehouse_id AS warehouse_id,"
    " shipment.carrier_hint AS carrier, tracking_number AS carrier_tracking_number, shipment.created_at FROM shipment"
    " JOIN fulfillment USING (fulfillment_id) WHERE :warehouse IS NULL OR from_warehouse_id = :warehouse"
    " ORDER BY shipment.seq",
    "manifests": "SELECT manifest_id, warehouse_id, carrier_id, dispatch_date, status, (SELECT"
    " json_group_array(shipment_id) FROM manifest_shipment s WHERE s.manifest_id = manifest.manifest_id) AS shipments"
    " FROM manifest WHERE :warehouse IS NULL OR warehouse_id = :warehouse ORDER BY seq",
    "exceptions": "SELECT task_id, picklist_id, task.fulfillment_id, order_id, location_id, sku, qty, picked,"
    " short_reason AS reason FROM task JOIN fulfillment USING (fulfillment_id) WHERE task.status = 'short'"
    " AND (:warehouse IS NULL OR warehouse_id = :warehouse) ORDER BY task.seq",
}


def _export(act: Act, job_id: str, element: Mapping[str, Any]) -> dict[str, Any]:
    rows = act.db.execute(EXPORTS[element["kind"]], {"warehouse": element["warehouse_id"]}).fetchall()
    told = [dict(row) for row in rows]
    for line in told:
        if "shipments" in line:
            line["shipments"] = unpack_json(line["shipments"])
    text = "".join(pack_json(line) + "\n" for line in told)
    act.db.execute("UPDATE job SET file = ? WHERE job_id = ?", (text.encode(), job_id))
    return {"kind": element["kind"], "rows": len(rows)}


KINDS: Mapping[str, Element] = {"allocations": _allocate_one, "labels": _label_one, "export": _export}
