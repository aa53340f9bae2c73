from __future__ import annotations

import pytest

from agent.labels.shipping import Address, ShippingLabel
from local_store.domain.codes import sscc_of


@pytest.fixture(scope="session")
def shipping_label() -> ShippingLabel:
    """A complete label for a real order of the Northwind set."""
    return ShippingLabel(
        ship_from=Address(
            name="Northwind Traders",
            address1="Industriestraße 12",
            city="Hamburg",
            postal_code="20457",
            country="Germany",
        ),
        ship_to=Address(
            name="Toms Spezialitäten",
            address1="Luisenstr. 48",
            city="Münster",
            postal_code="44087",
            country="Germany",
        ),
        order_id="ord_10249",
        carrier="Speedy Express",
        service="Economy",
        weight_mg=12_345_678,
        parcel_number=1,
        parcel_count=3,
        sscc=sscc_of("4012345", 3, 17),
        attempt_id="0193a1c2-7b1e-7c3f-9a55-0a1b2c3d4e5f",
    )
