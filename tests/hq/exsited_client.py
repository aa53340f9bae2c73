"""A plain client of Exsited's API, for tests: a token, and calls with it."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.hq.site import SECRETS, Hq, Reply

REDIRECT = "https://edge.example.com/callback"
CASES: dict[str, Any] = {
    "sku": "SKU-9", "name": "Beer", "location_id": "A-11-1", "nominal_weight_g": 500,
    "barcodes": [{"barcode": "2900000000094", "multiplier": 1}, {"barcode": "2900000000995", "multiplier": 12}],
}  # fmt: skip
"""A product that comes in cases of twelve too."""


class Exsited:
    """Calls by one holder of a token."""

    def __init__(self, hq: Hq, role: str) -> None:
        self.hq, self.role, self.token = hq, role, ""
        self.refresh = ""
        self.numbers = itertools.count(1)

    @classmethod
    @asynccontextmanager
    async def of(cls, hq: Hq, role: str = "office") -> AsyncIterator[Exsited]:
        made = cls(hq, role)
        await made.sign_in()
        yield made

    async def sign_in(self, secret: str = "", **more: str) -> Reply:
        body = {
            "grant_type": "client_credentials",
            "client_id": "any",
            "client_secret": secret or SECRETS[self.role],
            "redirect_uri": REDIRECT,
            **more,
        }
        reply = await self.call("POST", "/v1/oauth2/token", body, token="")
        if reply.status == 200:
            self.token, self.refresh = reply.body["access_token"], reply.body["refresh_token"]
        return reply

    async def call(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> Reply:
        """A path behind `/api`."""
        given = self.token if token is None else token
        headers = {"Authorization": f"Bearer {given}"} if given else {}
        where = f"{self.hq.url}/api{path}"
        async with self.hq.session.request(
            method, where, json=body, headers=headers, allow_redirects=False
        ) as response:
            text = await response.text()
            told = json.loads(text) if response.content_type == "application/json" else None
            return Reply(response.status, told, text, response.headers)

    async def get(self, path: str) -> Any:
        reply = await self.call("GET", path)
        assert reply.status == 200, reply.text
        return reply.body

    async def fulfil(self, order_id: str, *quantities: Any, **more: Any) -> Reply:
        """An item fulfillment of the first lines of an order, in the unit of each line."""
        invoice = (await self.get(f"/v3/invoices/INV-{order_id}"))["invoice"]
        lines = [
            {"item_uuid": line["item_uuid"], "fulfillment_quantity": qty, "uuid": line["uuid"]}
            for line, qty in zip(invoice["lines"], quantities, strict=False)
        ]
        body = {"status": "CLOSED", "date": "2025-09-01", "id": f"FF-{next(self.numbers)}", "fulfillments": lines}
        return await self.call(
            "POST", f"/v3/invoices/INV-{order_id}/item-fulfillments", {"item_fulfillments": {**body, **more}}
        )

    async def buy(self, order_id: str, *lines: dict[str, Any], **more: Any) -> Any:
        body = {"id": order_id, "account_id": "Supplier 7", "issue_date": "2025-09-01", "lines": list(lines), **more}
        reply = await self.call("POST", "/v3/purchase-orders", {"purchase_order": body})
        assert reply.status == 201, reply.text
        return reply.body["purchase_order"]
