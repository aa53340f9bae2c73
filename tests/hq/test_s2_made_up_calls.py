"""S2 under made-up calls: whatever it is asked, it answers as its contract says."""

from __future__ import annotations

import asyncio
from pathlib import Path

from hq.facades.s2.ids import ORGANIZATION, id_of
from tests.hq.site import SECRETS, order, running_hq
from tests.support.conformity import examples_of_profile, run_schemathesis
from web.contract import Contract

EXAMPLES = 2


async def test_no_call_made_up_from_the_contract_meets_a_fault_or_an_undocumented_answer(tmp_path: Path) -> None:
    contract = Contract.load("s2")
    async with running_hq(tmp_path / "hq.db", dialect="s2") as hq:
        await hq.with_products()
        for number in range(4):
            body = order(f"O-{number}", SKU_1=2) | {"metadata": {"s2": {"prepaidLabel": True}} if number % 2 else {}}
            await hq.post("/fulfillments", body)
        signed_in = await hq.session.post(hq.url + "/login", json={"email": "x", "password": SECRETS["office"]})
        token = (await signed_in.json())["accessToken"]
        orders = [id_of("order", f"O-{number}") for number in range(4)]
        known = {
            "orderId": orders,
            "fulfillmentId": [id_of("assigned", "O-1"), id_of("assigned", "O-3")],
            "productId": [id_of("product", "SKU-1"), id_of("product", "SKU-2")],
            "warehouseId": [id_of("warehouse", "wh_1")],
            "accountId": [id_of("account", "wh_1")],
            "organization": [ORGANIZATION],
        }
        headers = {"Authorization": f"Bearer {token}"}
        calls = await asyncio.to_thread(
            run_schemathesis, contract, hq.url, headers, examples_of_profile(EXAMPLES), known
        )
    assert calls > EXAMPLES * len(contract.operations)
