"""Quality control and goods on hold over HTTP."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import uuid_utils
import uuid_utils.compat

from local_store.domain import commands as c
from local_store.domain import events as e
from tests.agent.test_return_routes import NEW, Client, station  # noqa: F401 -- a fixture

QC = "/v1/fulfillment/qc"


async def announced(station: Client) -> str:  # noqa: F811
    _, told = await station.post("/v1/fulfillment/returns", **NEW)
    ident: str = told["return_id"]
    lines = [{"line_id": "l1", "qty": 2}]
    await station.post(f"/v1/fulfillment/returns/{ident}/receive", received_lines=lines)
    return ident


async def test_a_client_written_for_hq_inspects_a_return(station: Client) -> None:  # noqa: F811
    ident = await announced(station)
    status, told = await station.post(f"{QC}/{ident}/start", inspect=1, of_every=2)
    assert (status, told["status"], told["return_id"], told["units"]) == (201, "open", ident, 1)
    qc_id = told["qc_id"]
    assert (await station.post(f"{QC}/{ident}/start"))[1]["qc_id"] == qc_id
    status, told = await station.post(f"{QC}/{qc_id}/record", passed=False, measurements={"g": 101, "lid": "bent"})
    assert (status, told["records"][0]["measurements"]) == (200, {"g": "101", "lid": "bent"})
    status, told = await station.post(f"{QC}/{qc_id}/resolve", disposition="repair", notes="lid")
    assert (told["status"], told["disposition"], told["notes"]) == ("resolved", "repair", "lid")
    assert (await station.call("GET", f"{QC}/{qc_id}"))[1] == told


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("X-404/start", {}, 404, "qc.unknown"),
        ("X-404/record", {}, 404, "qc.none"),
        ("X-404/resolve", {"disposition": "burn"}, 422, "invalid"),
    ],
)
async def test_what_cannot_be_is_a_problem_with_a_sentence(
    station: Client,  # noqa: F811
    path: str,
    body: dict[str, Any],
    status: int,
    code: str,
) -> None:
    got, told = await station.post(f"{QC}/{path}", **body)
    assert (got, told["error"]["code"]) == (status, code)
    assert (await station.call("GET", f"{QC}/X-404"))[0] == 404


async def test_goods_are_held_asked_for_and_released(station: Client) -> None:  # noqa: F811
    of = {"workplace": "returns", "reason": "smells", "command_id": str(uuid_utils.uuid7())}
    status, told = await station.call("POST", "/v1/station/holds", {**of, "sku": "TEA", "lot_id": "L1"})
    assert (status, told["answer"]["code"]) == (200, "hold.held")
    (held,) = (await station.call("GET", "/v1/station/holds"))[1]["items"]
    _, told = await station.call("GET", "/v1/station/holds/check?sku=TEA&lot_id=L1")
    assert told["hold"]["reason"] == "smells"
    assert (await station.call("GET", "/v1/station/holds/check?sku=TEA&lot_id=L2"))[1] == {"hold": None}
    of = {"workplace": "returns", "reason": "fine", "command_id": str(uuid_utils.uuid7())}
    _, told = await station.call("POST", f"/v1/station/holds/{held['hold_id']}/release", of)
    assert told["answer"]["code"] == "hold.released"
    assert (await station.call("GET", "/v1/station/holds"))[1]["items"] == []


async def test_a_work_order_is_made_read_with_its_needs_built_and_taken_apart(station: Client) -> None:  # noqa: F811
    async def act(path: str, **body: Any) -> dict[str, Any]:
        members = {"command_id": str(uuid_utils.uuid7()), "workplace": "returns", **body}
        status, told = await station.call("POST", f"/v1/station/{path}", members)
        assert status == 200, told
        answer: dict[str, Any] = told["answer"]
        return answer

    assert (await act("bills", sku="BOX", parts=[{"sku": "TEA", "qty": "2"}]))["code"] == "kit.bill"
    parts = [{"sku": "BOX", "qty": "1"}, {"sku": "JAM", "qty": "1"}]
    assert (await act("work-orders", sku="SET", qty="2", number="WO-1", parts=parts))["code"] == "kit.ordered"
    _, told = await station.call("GET", "/v1/station/work-orders/WO-1")
    assert [(each["level"], each["sku"], each["qty"]) for each in told["needs"]] == [
        (1, "BOX", 2),
        (1, "JAM", 2),
        (2, "TEA", 4),
    ]
    used = (e.KitComponent(sku="BOX", qty=Decimal(2)), e.KitComponent(sku="JAM", qty=Decimal(2)))
    built = e.KitBuilt(work_order_id=told["work_order_id"], build_id="build_1", sku="SET", qty=Decimal(2), used=used)
    await station.store.run(lambda tx: tx.append(built))
    (item,) = (await station.call("GET", "/v1/station/work-orders"))[1]["items"]
    assert (item["number"], item["built"]) == ("WO-1", 2)
    assert (await act("kit-builds/build_1/take-apart", reason="bent"))["code"] == "kit.apart"
    _, told = await station.call("GET", "/v1/station/work-orders/WO-1")
    assert (told["built"], told["builds"][0]["taken_apart"]) == (0, True)
    assert (await station.call("GET", "/v1/station/work-orders/WO-9"))[0] == 404


async def test_a_work_order_whose_bill_leads_back_to_it_says_so(station: Client) -> None:  # noqa: F811
    orders = tuple(
        e.WorkOrderAnnounced(
            lane="main",
            work_order_id=f"w-{sku}",
            number=f"WO-{sku}",
            sku=sku,
            qty=Decimal(1),
            parts=(e.KitPart(sku=part, qty=Decimal(1)),),
        )
        for sku, part in (("SET", "BOX"), ("BOX", "SET"))
    )
    await station.store.execute(c.ReceiveInbound(command_id=uuid_utils.compat.uuid7(), work_orders=orders))
    _, told = await station.call("GET", "/v1/station/work-orders/WO-SET")
    assert (told["fault"], told["needs"]) == ("SET → BOX → SET", [])
