"""What S2 can take and give, what a site sets for one, and what we assume where nothing was found."""

from __future__ import annotations

import re
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from config.model import Hq
from sync import profile
from sync.profile import laid_over

ACCEPTS = frozenset({"shipment.requested"})
"""Kinds of facts that can be told to S2.

It takes a fulfillment with its shipments as a whole; picks, packages and weights it does not know (hq_contracts 5.7).
"""


class Profile(BaseModel):
    """The assumptions in profile.toml; each is explained there."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    login_path: str = Field(pattern=r"^/")
    token_member: str
    token_life_s: int = Field(ge=60)
    probe_path: str = Field(pattern=r"^/")
    page_limit: int = Field(ge=1, le=100)
    page_overlap: int = Field(ge=0, le=50)
    look_back_s: int = Field(ge=0, le=86_400)
    open_statuses: list[str]
    cancelled_statuses: list[str]
    fulfilled_statuses: list[str]
    to_pack_statuses: list[str]
    order_lines: str
    line_product: str
    line_quantity: str
    other_id_type: str
    other_id_value: str
    case_code_types: list[str]
    unit_code_types: list[str]
    stock_warehouse: str
    stock_product: str
    stock_quantity: str
    file_url: str = Field(pattern=r"^$|^https?://[^{}\s]+\{path\}$")
    wrong_organization: str
    order_types: dict[str, int]
    carriers: dict[str, str]
    countries: dict[str, str]

    @field_validator("wrong_organization")
    @classmethod
    def _is_pattern(cls, text: str) -> str:
        try:
            re.compile(text)
        except re.error as error:
            raise ValueError(f"is not a regular expression: {error}") from error
        return text


_FILE = profile.read(__package__)
PROFILE = Profile.model_validate(_FILE)


class S2Hq(Hq):
    """Settings of an HQ that speaks S2. The secret is the password of `email`."""

    dialect: Literal["s2"]
    email: str = Field(min_length=3, max_length=200, description="Who signs in at S2.")
    organization: UUID = Field(description="X-S2-Organization: the organisation's id at S2.")
    warehouse: UUID = Field(description="S2's id of this station's warehouse.")
    accounts: tuple[UUID, ...] = Field(
        default=(), description="Accounts whose unassigned orders are packed here; all where none is named."
    )
    pick_location: str = Field(
        default="STOCK",
        min_length=1,
        max_length=60,
        description="Where products are looked for: S2 knows no shelves.",
    )
    profile: Annotated[Profile, BeforeValidator(partial(laid_over, _FILE))] = PROFILE
    """Single lines of profile.toml, otherwise."""


def accepts(_settings: S2Hq) -> frozenset[str]:
    """The kinds of facts that this HQ can be told."""
    return ACCEPTS
