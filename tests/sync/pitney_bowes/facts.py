"""Loads that were packed here, as the engine hands them to the dialect, and what the store knows of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from local_store.domain import events as e
from local_store.outbox import FixedRequest, NewRequest, Promised
from sync.dialect import FulfillmentHere, PackageHere, PackedHere
from sync.dialects.pitney_bowes import translate
from sync.dialects.pitney_bowes.capabilities import PbHq
from tests.sync.plain_known import PlainKnown

EVENT = bytes(range(16))
KEY = "0190a5a0-0000-7000-8000-000000000001"
SETTINGS: dict[str, Any] = {"api_key": "key-1", "client_id": "client-1"}
TO_CENTRE = {"name": "CVG", "address1": "1200 WORLDWIDE Blvd. ", "city": "Hebron", "country": "US"}
TO_CUSTOMER = {"name": "Zoë", "address1": "1 High St", "city": "Łódź", "country": "PL"}


def settings(**of: Any) -> PbHq:
    base = {"dialect": "pitney_bowes", "url": "https://pb.example.com", "secret": "pb"}
    return PbHq.model_validate({**base, **SETTINGS, **of})


def load(*packages: str, carrier: str | None = "UPS") -> list[Promised]:
    fact = e.ShipmentRequested(
        fulfillment_id="F-1",
        warehouse_id="wh_1",
        party_id="to:F-1",
        packages=tuple((package, 1_000_000) for package in packages or ("P-1",)),
        reference="O-1",
        carrier_hint=carrier,
        service_code=None,
        insurance=None,
    )
    return [Promised(7, fact.entity, fact, 1_756_713_600_000, "ana", None, EVENT)]


def known(
    *, to: Mapping[str, Any] | None = None, metadata: Mapping[str, Any] | None = None, **packages: Mapping[str, str]
) -> PlainKnown:
    """A store that knows order O-1; packages as `P_1={"SKU-1": "2"}`."""
    contents: Mapping[str, Mapping[str, str]] = packages or {"P_1": {"SKU-1": "2"}}
    here = FulfillmentHere("F-1", "main", "O-1", "wh_1", "to:F-1", "UPS", None, metadata or {}, ())
    return PlainKnown(
        fulfillments={"F-1": here},
        parties={} if to is None else {"to:F-1": dict(to)},
        packages={
            name.replace("_", "-"): PackageHere(
                name.replace("_", "-"),
                "F-1",
                1_000_000,
                "306141410000000012",
                tuple(PackedHere(f"L-{sku}", sku, Decimal(qty)) for sku, qty in inside.items()),
            )
            for name, inside in contents.items()
        },
    )


def fixed(**of: Any) -> FixedRequest:
    """The announcement of the usual load to centre 157, fixed."""
    new = translate.request_for(load(), known(to=TO_CENTRE), settings(**of))
    assert isinstance(new, NewRequest)
    return FixedRequest(3, "fulfillment:F-1", new.method, new.path, new.body, str(UUID(KEY)), 0, 0)


def answered(**of: Any) -> dict[str, Any]:
    """What HQ answers to it."""
    sent = json.loads(fixed().body)
    return {**sent, "receivingASNId": "RA-9", "status": "CREATED", **of}
