"""The label that a carrier made for a parcel sealed here: kept once, and printed where the site wants that. Pure."""

from __future__ import annotations

from typing import NamedTuple

from local_store.domain.commands import ReceiveCarrierLabel
from local_store.domain.events import CarrierLabelReceived, CarrierLabelRequested, Fact
from local_store.domain.floor import Decision
from local_store.domain.site import Site
from local_store.domain.words import say


class Parcel(NamedTuple):
    """A fulfillment that is known here, and its package where that is sealed."""

    fulfillment_id: str
    picklist_id: str | None
    order_id: str
    package_id: str
    """Empty while nothing is sealed."""
    workplace: str | None
    """Where it was packed."""
    labelled: frozenset[str]
    """The lanes whose carrier's label for this package is here already."""


def receive(site: Site, command: ReceiveCarrierLabel, parcel: Parcel | None) -> Decision:
    """Keep the label of a known parcel; have it printed where it was sealed, once, whoever sent it."""
    if parcel is None:
        return Decision(say("carrier_label.no_parcel", id=command.fulfillment_id))
    if command.lane in parcel.labelled:
        return Decision(say("carrier_label.known", order=parcel.order_id))
    of = {"fulfillment_id": parcel.fulfillment_id, "picklist_id": parcel.picklist_id}
    received = CarrierLabelReceived(
        **of,
        package_id=parcel.package_id,
        lane=command.lane,
        tracking_number=command.tracking_number,
        sha256=command.sha256,
        content_type=command.content_type,
    )
    facts: tuple[Fact, ...] = (received,)
    if site.carrier_labels and parcel.package_id and not parcel.labelled and parcel.workplace in site.workplaces:
        job = CarrierLabelRequested(
            **of,
            job_id=f"label_{command.command_id.hex}",
            package_id=parcel.package_id,
            sscc="",
            workplace=parcel.workplace,
            file=command.sha256,
            tracking_number=command.tracking_number,
        )
        facts = (received, job)
    return Decision(say("carrier_label.kept", order=parcel.order_id), facts)
