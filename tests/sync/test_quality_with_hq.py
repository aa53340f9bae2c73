"""Inspections that are made here, with a photo, against the real central service."""

from __future__ import annotations

from decimal import Decimal

from local_store import files
from local_store.domain import events as e
from tests.support.site import Hq
from tests.sync.station import Station
from tests.sync.test_returns_with_hq import came, created, here  # noqa: F401 -- fixtures

PHOTO = b"\x89PNG\r\n\x1a\n a photo"


async def test_an_inspection_of_a_return_and_of_an_order_is_hqs_too(hq: Hq, here: Station) -> None:  # noqa: F811
    ((order,),) = here.rows("SELECT fulfillment_id FROM fulfillment")
    await here.record(
        created(),
        e.ReturnReceived(return_id="return_1", lines=(came("1-1", "SKU-1", 1),)),
        e.QcStarted(qc_id="q1", subject="return", subject_id="return_1", units=Decimal(1), of_units=Decimal(1)),
        e.QcRecorded(qc_id="q1", check="lid", passed=False, units=Decimal(1), measurements={"g": "99"}, notes="bent"),
        e.QcResolved(qc_id="q1", disposition="repair"),
        e.QcStarted(qc_id="q2", subject="fulfillment", subject_id=order, units=Decimal(1), of_units=Decimal(3)),
        e.QcStarted(qc_id="q3", subject="receipt", subject_id="ASN-1", units=Decimal(1), of_units=Decimal(3)),
        e.QcRecorded(qc_id="q3", check="", units=Decimal(1)),
        e.StockHeld(hold_id="h1", sku="SKU-1", reason="smells"),
    )
    async with here.syncing():
        await here.sent()
    assert here.parked() == []
    assert here.rows("SELECT count(*) = sum(attempts) FROM outbox_request") == [(1,)]
    refs = dict(here.rows("SELECT local_id, hq_id FROM hq_ref WHERE thing = 'qc'"))
    assert refs.keys() == {"q1", "q2"}
    there = await hq.call("GET", f"/qc/{refs['q1']}")
    assert (there["status"], there["disposition"]) == ("resolved", "repair")
    (record,) = there["records"]
    assert (record["passed"], record["measurements"]) == (False, {"check": "lid", "g": "99", "units": "1"})
    assert (await hq.call("GET", f"/qc/{refs['q2']}"))["fulfillment_id"] == order
    counted = here.rows("SELECT kind, state FROM outbox JOIN journal USING (seq) WHERE state = 'not_deliverable'")
    assert [kind for kind, _ in counted] == ["qc.started", "qc.recorded", "stock.held"]


async def test_a_record_whose_photo_hq_has_not_is_parked_and_says_so(hq: Hq, here: Station) -> None:  # noqa: F811
    ((order,),) = here.rows("SELECT fulfillment_id FROM fulfillment")
    sha256 = await here.store.run(lambda tx: files.add(tx, PHOTO, "image/png", f"fulfillment:{order}"))
    assert sha256 is not None
    await here.record(
        e.QcStarted(qc_id="q1", subject="fulfillment", subject_id=order, units=Decimal(1), of_units=Decimal(1)),
        e.QcRecorded(qc_id="q1", check="", units=Decimal(1), photos=(sha256,)),
    )
    async with here.syncing():
        await here.until(lambda: here.figures().parked == 1)
    ((_, _, reason),) = here.parked()
    assert reason.startswith(f"HQ has no photo {sha256[:12]} of inspection q1 yet.")
