"""What ESW can be told, what a site sets for it, and what we assume where nothing is published."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import AnyHttpUrl, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from config.model import Hq, is_loopback
from sync import profile
from sync.profile import laid_over

ACCEPTS = frozenset({"picklist.completed", "pack.opened", "package.sealed"})
"""Facts with a call of their own; of a completed picklist only what nobody will pack is told (hq_contracts 1.7)."""

COUNTS = "stock.counted"

ANSWERED = frozenset({"eswOrderReference", "threePlRequest", "packages", "packageReference", "eventId", "outcome"})
"""Members by which an answer is known to be about what was sent."""

EventKind = Literal[
    "picklist.assigned",
    "picklist.started",
    "pick.counted",
    "pick.undone",
    "pick.short",
    "picklist.completed",
    "package.packed",
    "shipment.requested",
]
"""Facts that a profile may have told as an OrderEvent."""

Code = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,64}$")]
Scac = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,4}$")]
Word = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Millimetres = Annotated[int, Field(ge=1, le=10_000)]


class Profile(BaseModel):
    """The assumptions in profile.toml; each is explained there."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    probe_path: Annotated[str, StringConstraints(pattern=r"^/[!-~]{0,200}$")]
    scope: Word
    token_life_s: int = Field(ge=30, le=86_400)
    weight_unit: Literal["KG", "LB"]
    dimension_unit: Literal["CM", "INCH"]
    carton_mm: tuple[()] | tuple[Millimetres, Millimetres, Millimetres]
    line_success: Word
    line_failed: Word
    short_reason: Word
    conflict_is_duplicate: bool
    answers_name_the_order: bool
    location_is_centre: bool
    success: Mapping[Literal["Confirm", "AdvancedShippingNotice", "OrderEvent"], tuple[Word, ...]]
    event_types: Mapping[EventKind, Code]
    scac: Mapping[Word, Scac]
    names: Mapping[str, Annotated[str, StringConstraints(max_length=60)]]

    def event_type(self, kind: str) -> str | None:
        """As which OrderEvent a fact of this kind is told, if at all."""
        return next((text for each, text in self.event_types.items() if each == kind), None)

    @cached_property
    def scac_of(self) -> Mapping[str, str]:
        """Codes by the carrier's name without case."""
        return {name.strip().casefold(): code for name, code in self.scac.items()}


_FILE = profile.read(__package__)


def _over_the_file(given: Any) -> Any:
    """What a site gives over the file. Raises PydanticCustomError, also for an empty name that answers go by."""
    laid = laid_over(_FILE, given)
    names = laid["names"] if isinstance(laid, Mapping) and isinstance(laid.get("names"), Mapping) else {}
    nameless = sorted(name for name in ANSWERED if names.get(name) == "")
    if nameless:
        raise PydanticCustomError("names", "{name} is what answers are known by: name it", {"name": nameless[0]})
    return laid


PROFILE = Profile.model_validate(_FILE)


class EswHq(Hq):
    """Settings of an HQ that speaks seed 000."""

    dialect: Literal["esw"]
    tenant: Code = Field(description="tenantCode, the retailer.")
    fulfillment_centre_id: Code = Field(description="fulfillmentCentreId of this warehouse at ESW.")
    provider: Code = Field(description="Name under which ESW knows this warehouse's system.")
    auth: Literal["none", "bearer_oauth", "static_key"] = Field(
        description="none sends no key; bearer_oauth gets a token with client_id and the secret; static_key sends it."
    )
    token_url: AnyHttpUrl | None = Field(default=None, description="Whole address of the token service.")
    client_id: str = Field(default="", max_length=200)
    counts_for_site: bool = Field(
        default=False,
        description="This one station tells ESW the stock of the centre. Elect one: two would undo each other.",
    )
    profile: Annotated[Profile, BeforeValidator(_over_the_file)] = PROFILE

    @model_validator(mode="after")
    def _can_sign_in(self) -> Self:
        if self.auth != "bearer_oauth":
            return self
        if self.token_url is None or not self.client_id:
            raise PydanticCustomError("auth", "auth = bearer_oauth needs token_url and client_id")
        if self.token_url.scheme == "http" and not is_loopback(self.token_url.host or ""):
            raise PydanticCustomError("token_url", "token_url must begin with https, or the key would cross in clear")
        if self.token_url.username or self.token_url.password:
            raise PydanticCustomError("token_url", "token_url must hold no key; it belongs into the secret file")
        return self


def accepts(settings: EswHq) -> frozenset[str]:
    """The kinds of facts that ESW can be told by this station."""
    counts = {COUNTS} if settings.counts_for_site else set()
    return ACCEPTS | frozenset(settings.profile.event_types) | counts
