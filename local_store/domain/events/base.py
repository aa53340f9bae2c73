"""What every fact is made of.

An event says what became true, with the totals after it, so that a projection needs nothing but the event.
`entity` is what HQ must see in order; `follows` is another entity whose earlier facts must have gone first.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, PlainSerializer


def decimal_text(value: Decimal) -> str:
    """A quantity as normalised text: no exponent, no trailing zeros after the point (`12`, `0.5`)."""
    text = str(value)
    if text.isdigit():
        return text
    text = format(value, "f")
    short = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if short == "-0" else short


Quantity = Annotated[Decimal, PlainSerializer(decimal_text, return_type=str)]
"""A count or measure of goods: Decimal inside, normalised text in JSON, never a float."""


NumberKind = Literal["sscc", "package", "parcel"]
"""What numbers are for: the logistic unit on its label, the package in the house, the parcel on its way."""


def in_order(value: Any) -> Any:
    """The same, the members of every object in the order of their names."""
    if isinstance(value, dict):
        return {name: in_order(value[name]) for name in sorted(value)}
    return [in_order(each) for each in value] if isinstance(value, list) else value


Details = Annotated[dict[str, Any], PlainSerializer(in_order)]
"""What HQ said and nobody here looks into: kept as it is, its members in the order of their names."""


class Stored(BaseModel):
    """Base of all that stands in a body. Members are written in the order of their names: one fact, one text."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Members are written in the order of the fields, whose validator is built at first use only."""
        cls.__pydantic_fields__ = dict(sorted(cls.__pydantic_fields__.items()))


KINDS: dict[str, type[Fact]] = {}
"""Every event by its kind."""


class Fact(Stored):
    """Base of every event."""

    kind: ClassVar[str]
    version: ClassVar[int] = 1
    for_hq: ClassVar[bool] = False
    """True for a fact about goods that an HQ should learn; each lane delivers it or counts it as not deliverable."""

    @classmethod
    def __pydantic_init_subclass__(cls, **more: Any) -> None:
        """Every fact is in `KINDS`."""
        super().__pydantic_init_subclass__(**more)
        if "kind" in vars(cls):
            KINDS[cls.kind] = cls

    @property
    def entity(self) -> str:
        """The thing whose facts must reach HQ in order, e.g. `picklist:PL-1`."""
        return "station"

    @property
    def follows(self) -> str | None:
        """Another entity whose earlier facts must have reached HQ first."""
        return None

    @property
    def told(self) -> Fact:
        """The fact that HQ is told of: this one, or the one it brings back."""
        return self


class Dimensions(Stored):
    """The outer size of a parcel or of one unit of a product."""

    length_mm: int
    width_mm: int
    height_mm: int


class OfPicklist(Fact):
    """A fact about one picklist."""

    picklist_id: str

    @property
    def entity(self) -> str:
        """The picklist."""
        return f"picklist:{self.picklist_id}"


class OfFulfillment(Fact):
    """A fact about one fulfillment; HQ must know first what was picked for it."""

    fulfillment_id: str
    picklist_id: str | None = None

    @property
    def entity(self) -> str:
        """The fulfillment."""
        return f"fulfillment:{self.fulfillment_id}"

    @property
    def follows(self) -> str | None:
        """The picklist it was picked on."""
        return f"picklist:{self.picklist_id}" if self.picklist_id else None
