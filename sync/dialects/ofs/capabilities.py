"""What HQs of seed 001 can take and give, what a site sets for one, and what we assume where the seed is silent."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from config.model import Hq

ACCEPTS = frozenset(
    {
        "picklist.assigned",
        "picklist.started",
        "pick.counted",
        "pick.undone",
        "pick.short",
        "pick.replanned",
        "pick.substituted",
        "pick.over",
        "pick.rebinned",
        "serials.assigned",
        "lot.consumed",
        "picklist.completed",
        "pack.opened",
        "package.packed",
        "package.sealed",
        "package.voided",
        "shipment.requested",
        "return.created",
        "return.received",
        "return.surplus_received",
        "return.ship_back_asked",
        "return.inspected",
        "return.completed",
        "qc.started",
        "qc.recorded",
        "qc.resolved",
        "receipt.recorded",
        "stock.counted",
        "wave.requested",
        "task.created",
        "task.claimed",
        "task.completed",
        "count.settled",
        "parcel.loaded",
        "manifest.closed",
        "manifest.dispatched",
        "notice.made",
        "vendor.shipped",
        "device.registered",
        "receipt.corrected",
        "discrepancy.recorded",
        "put_away.recorded",
        "stock.moved",
    }
)
"""Kinds of facts that can be told to this HQ.

Each goes by a POST under an Idempotency-Key, so each may be repeated and none needs reading back (hq_contracts 2.6).
Receipts, put-aways, stock moves, counts and voided packages are our extension; an HQ that does not know their calls
refuses them, and they are parked.
"""


class OfsHq(Hq):
    """Settings of an HQ that speaks seed 001. `url` may be given with or without `/v1/fulfillment`."""

    dialect: Literal["ofs"]
    tenant: str = Field(min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$", description="X-Tenant-ID at this HQ.")
    buy_labels: bool = Field(default=False, description="The carrier's label of each shipment is fetched from here.")
    label_format: Literal["zpl", "pdf", "png"] = Field(default="zpl", description="What HQ is to make of it.")


def accepts(_settings: OfsHq) -> frozenset[str]:
    """The kinds of facts that this HQ can be told."""
    return ACCEPTS


class Profile(BaseModel):
    """The assumptions in profile.toml; each is explained there."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    base_path: str
    health_path: str
    page_items: str
    page_cursor: str
    page_limit: int = Field(ge=1, le=500)
    looked_at_again_per_poll: int = Field(ge=1, le=500)
    scans_per_request: int = Field(ge=1, le=100)
    mg_per_weight_unit: int = Field(ge=1)
    idempotency_header: str
    tenant_header: str
    worker_header: str
    device_header: str
    correlation_header: str
    facts_header: str
    version_header: str
    job_path: str
    job_polls: int = Field(ge=1, le=100)
    job_poll_s: float = Field(gt=0, le=60)
    job_ended_well: frozenset[str]
    job_ended_badly: frozenset[str]
    open_statuses: tuple[str, ...]
    shipped_statuses: tuple[str, ...]


PROFILE = Profile.model_validate(
    tomllib.loads(resources.files(__package__).joinpath("profile.toml").read_text(encoding="utf-8"))
)
