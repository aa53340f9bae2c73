from __future__ import annotations

import pytest

from agent.labels.shipping import Address, ShippingLabel
from agent.labels.template import Template, compile_template
from local_store.domain.codes import sscc_of

SETTINGS = "^CI28^PW400^LL200^LH0,0^LT0^LS0^PON^PMN^LRN^FWN^CF0,30^BY4,2,10^MNY^MMT^MD0^PR4^JZN^PQ1,0,1,N"
HEADER = "# stock 400x200 dots at 203 dpi\n# field who text max 20 width 300 like Ann\n"
NAMES = "^FO10,10^A0N,30,30^FH_^FD{who}^FS"


def source(body: str = NAMES, header: str = HEADER, settings: str = SETTINGS) -> str:
    """The text of a small template."""
    return f"{header}^XA{settings}\n{body}\n^XZ\n"


def small(body: str = NAMES, header: str = HEADER, settings: str = SETTINGS) -> Template:
    """A small template, compiled."""
    return compile_template("small", source(body, header, settings))


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
