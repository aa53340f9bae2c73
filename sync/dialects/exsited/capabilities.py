"""What Exsited can take and give, what a site sets for it, and what we assume where nothing is published."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from config.model import Hq
from sync import profile
from sync.profile import laid_over

ACCEPTS = frozenset({"shipment.requested", "receipt.recorded", "return.received"})
"""Kinds of facts that can be told in the mode `full`; in `seed_only` none can."""


class Profile(BaseModel):
    """The assumptions in profile.toml; each is explained there. A site changes them in `[hq.NAME.profile]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    base_path: str = Field(pattern=r"^/")
    token_path: str = Field(pattern=r"^/")
    receipt_path: str = Field(pattern=r"^/")
    return_path: str = Field(pattern=r"^/")
    warehouses_path: str = Field(pattern=r"^/")
    patch_suffix: str
    page_limit: int = Field(ge=1, le=500)
    page_overlap: int = Field(ge=0, le=50)
    first_days: int = Field(ge=1, le=3650)
    overlap_days: int = Field(ge=1, le=60)
    created_field: str
    item_changed: str
    order_changed: str
    shipped_status: str = Field(min_length=1)
    cancelled_statuses: frozenset[str]
    closed_orders: frozenset[str]
    receipt_status: str = Field(min_length=1)
    receipt_line_uuid: str
    receipt_line_quantity: str
    line_quantity: tuple[str, ...] = Field(min_length=1)
    line_uom: tuple[str, ...] = Field(min_length=1)
    line_warehouse: tuple[str, ...] = Field(min_length=1)
    single_uoms: frozenset[str]
    quantity_places: int = Field(ge=0, le=9)
    id_characters: int = Field(ge=8, le=64)
    tracking_number: Literal["sscc", "none"]
    mg_per_weight_unit: dict[str, Decimal]
    looked_at_again_per_poll: int = Field(ge=0, le=500)


_FILE = profile.read(__package__)
PROFILE = Profile.model_validate(_FILE)


class ExsitedHq(Hq):
    """Settings of an Exsited HQ. `url` is the tenant's address, with or without the base path."""

    dialect: Literal["exsited"]
    client_id: str = Field(
        min_length=1, max_length=200, description="Of the client; its secret is in the secret file."
    )
    redirect_uri: str = Field(pattern=r"^https?://\S+$", max_length=500, description="As registered for the client.")
    mode: Literal["seed_only", "full"] = Field(
        default="seed_only", description="seed_only reads to compare; full also takes work and tells what was done."
    )
    warehouse: str = Field(default="", max_length=100, description="The name HQ has for this station's warehouse.")
    location: str = Field(
        default="STOCK", min_length=1, max_length=60, description="HQ knows no bins: where a picker looks for goods."
    )
    timeout_s: int = Field(default=240, ge=1, le=300)
    profile: Annotated[Profile, BeforeValidator(partial(laid_over, _FILE))] = PROFILE

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.mode == "full" and not self.warehouse:
            raise ValueError("warehouse: the mode full needs the name that HQ has for this station's warehouse")
        return self


def accepts(settings: ExsitedHq) -> frozenset[str]:
    """The kinds of facts that this HQ can be told."""
    return ACCEPTS if settings.mode == "full" else frozenset()
