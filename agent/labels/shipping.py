"""The shipping label of one parcel: its values, and the GS1 logistic label they make."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from agent.labels.gs1 import checked_sscc
from agent.labels.library import PACKAGED, Templates
from agent.labels.template import LabelRefused, TemplateFault

TEMPLATE = "gs1_logistic_4x6"

Line = Annotated[str, StringConstraints(max_length=200)]


class Address(BaseModel):
    """A sender or receiver as it stands on paper; parts that are not known stay empty."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    name: Line
    address1: Line = ""
    address2: Line = ""
    city: Line = ""
    region: Line = ""
    postal_code: Line = ""
    country: Line = ""


class ShippingLabel(BaseModel):
    """All that is printed on a parcel's label. `weight_mg` is None where the parcel was not weighed."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    ship_from: Address
    ship_to: Address
    order_id: Line
    carrier: Line
    service: Line = ""
    weight_mg: int | None = Field(default=None, gt=0, lt=10**11)
    parcel_number: int = Field(default=1, ge=1, le=999)
    parcel_count: int = Field(default=1, ge=1, le=999)
    sscc: Annotated[str, AfterValidator(checked_sscc)]
    attempt_id: Line
    copy_number: int = Field(default=1, ge=1, le=99)

    @model_validator(mode="after")
    def _parcel_is_one_of_them(self) -> Self:
        if self.parcel_number > self.parcel_count:
            raise ValueError(f"parcel {self.parcel_number} of {self.parcel_count} does not exist; correct the count")
        return self


def render_shipping_label(label: ShippingLabel, dpi: int, templates: Templates = PACKAGED) -> bytes:
    """ZPL for a printer of `dpi` dots per inch, by the site's own template where it has one.

    Raises LabelRefused where the label cannot be drawn at that density.
    """
    try:
        template = templates.get(TEMPLATE, dpi)
    except TemplateFault as fault:
        raise LabelRefused(f"The shipping label cannot be printed at {dpi} dpi: {fault}") from fault
    values = _values(label)
    return template.render({name: values[name] for name in template.fields})


def _values(label: ShippingLabel) -> dict[str, str]:
    sender, receiver = label.ship_from, label.ship_to
    copy = f"COPY {label.copy_number}" if label.copy_number > 1 else ""
    return {
        "from": _lines(sender.name, sender.address1, sender.address2, _place(sender), sender.country),
        "carrier": label.carrier,
        "service": label.service,
        "to": _lines(receiver.name, receiver.address1, receiver.address2),
        "to_place": _lines(_place(receiver), receiver.country.upper()),
        "order": label.order_id,
        "weight": _kilograms(label.weight_mg),
        "parcel": f"{label.parcel_number} of {label.parcel_count}",
        "copy": copy,
        "trace": f"Attempt {label.attempt_id}" + (f" {copy}" if copy else ""),
        "sscc": label.sscc,
        "sscc_text": _in_threes(label.sscc),
    }


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part.strip())


def _place(address: Address) -> str:
    town = f"{address.postal_code} {address.city}".strip()
    return ", ".join(part for part in (town, address.region) if part)


def _in_threes(digits: str) -> str:
    """Groups are easier to read out, and an unbroken row of digits was seen to scan as a false EAN-13."""
    return " ".join(digits[start : start + 3] for start in range(0, len(digits), 3))


def _kilograms(weight_mg: int | None) -> str:
    if weight_mg is None:
        return ""
    return f"{(Decimal(weight_mg) / 1_000_000).quantize(Decimal('0.001'), ROUND_HALF_UP)} kg"
