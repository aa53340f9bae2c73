"""What Pitney Bowes can be told, what a site sets for it, and what we assume where nothing is published."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from config.model import Hq
from sync import profile
from sync.profile import laid_over

ACCEPTS = frozenset({"shipment.requested"})
"""A load for one of their centres is announced to it; nothing else can be told (hq_contracts 3.7)."""

BASE_PATH = "/shippingservices/fulfillment"
TOKEN_PATH = "/oauth/token"  # noqa: S105 -- an address, not a token
"""Not below the base path (3.1)."""

Word = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,100}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,60}$")]
MayBeEmpty = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{0,60}$")]


class Centre(BaseModel):
    """How a load for a centre is known: by what its source noted on it, or by where it goes."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    metadata: Mapping[Word, Word] = {}
    address: Mapping[Word, Word] = {}


class Profile(BaseModel):
    """The assumptions in profile.toml; each is explained there."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    page_size: int = Field(ge=1, le=200)
    most_pages: int = Field(ge=1, le=100_000)
    overlap_s: int = Field(ge=0, le=86_400)
    first_days: int = Field(ge=1, le=3650)
    whole_read_s: int = Field(ge=0, le=86_400)
    tries_of_404: int = Field(ge=1, le=10)
    order_items_path: Name
    asn_search_field: MayBeEmpty
    shipped_sort: Name
    cancelled_statuses: tuple[Word, ...]
    shipped_statuses: tuple[Word, ...]
    closed_statuses: tuple[Word, ...]
    inbound_type: Literal["ASN"]
    centres: Mapping[Annotated[str, StringConstraints(pattern=r"^[!-~]{1,30}$")], Centre]
    names: Mapping[str, Name]


_FILE = profile.read(__package__)
PROFILE = Profile.model_validate(_FILE)


class PbHq(Hq):
    """Settings of an HQ that speaks seed 002. `url` may be given with or without `/shippingservices/fulfillment`.

    The secret is the API secret that belongs to `api_key`.
    """

    dialect: Literal["pitney_bowes"]
    api_key: str = Field(pattern=r"^[!-9;-~]{1,200}$", description="API key of the developer account.")
    client_id: str = Field(pattern=r"^[!-~]{1,50}$", description="clientId, issued by Pitney Bowes.")
    brand: str = Field(default="", max_length=30, description="Brand that goods are announced under.")
    node: str = Field(
        default="",
        pattern=r"^[!-~]{0,30}$",
        description="Facility id under which they know this warehouse; the station's own warehouse where empty.",
    )
    pick_location: str = Field(
        default="STOCK",
        min_length=1,
        max_length=60,
        description="Where goods are looked for: no shelves are told.",
    )
    profile: Annotated[Profile, BeforeValidator(partial(laid_over, _FILE))] = PROFILE


def accepts(_settings: PbHq) -> frozenset[str]:
    """The kinds of facts that this HQ can be told."""
    return ACCEPTS
