"""Sealed packages that are taken apart (our extension): seed 001 says how one is packed, not how that is undone."""

from __future__ import annotations

from hq.calls import Api, Call, answer
from hq.idempotency import Answer
from hq.keys import FLOOR
from hq.ofs import carriage, packing, progress, shipments, timeline
from hq.ofs.models import Body, Text
from web.problems import Refused

routes = Api()


class Void(Body):
    """Why."""

    reason: Text


@routes.writes("/edge/packages/{id}/void", Void, *FLOOR)
def void(call: Call, body: Void) -> Answer:
    """The goods of a sealed package are to be packed again; its number stays used. Voided again, it stays so.

    A shipment it was in is called off, if the carrier has it not yet; what else was in it may ship anew.
    """
    row = packing.package_row(call, call.path["id"])
    if row["sealed_at"] is None:
        sentence = f"Package {row['package_id']} is not sealed; pack it anew with other contents."
        raise Refused(409, "package_open", sentence)
    if row["shipment_id"] is not None:
        carriage.call_off(call, shipments.shipment_row(call, row["shipment_id"]), body.reason)
    call.db.execute("DELETE FROM package_item WHERE package_id = ?", (row["package_id"],))
    progress.settle(call, row["fulfillment_id"])
    told = {"fulfillment_id": row["fulfillment_id"], "package_id": row["package_id"]}
    timeline.add(call, "package_voided", **told, reason=body.reason)
    return answer({**told, "sscc": row["sscc"]})
