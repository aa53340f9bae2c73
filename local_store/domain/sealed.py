"""What may still be done about a sealed parcel: nothing to the parcel itself, only facts that correct it. Pure."""

from __future__ import annotations

from typing import NamedTuple

from local_store.domain import closing, states, units
from local_store.domain.commands import RequestShipment, VoidPackage
from local_store.domain.events import Fact, LabelVoided, PackageVoided, PickedAs
from local_store.domain.floor import Decision, Label
from local_store.domain.meaning import shown
from local_store.domain.pack_work import PackWork
from local_store.domain.people import APPROVES, By
from local_store.domain.printing import JOB, Job
from local_store.domain.site import Site
from local_store.domain.words import say, word


class Sealed(NamedTuple):
    """An order with its parcels as a decision about a sealed one needs it."""

    work: PackWork | None
    label: Label | None = None
    """The newest label of the parcel."""
    shipment_asked: bool = False
    inside: tuple[PickedAs, ...] = ()
    """What the ledger knows of the units in the parcel, beside how many they are."""


def void(_site: Site, by: By, loaded: Sealed, command: VoidPackage) -> Decision:
    """Take a sealed parcel apart: what was in it is to be packed again, its number and label are never used again."""
    work, label, name = loaded.work, loaded.label, shown(command.package_id)
    parcel = next((each for each in work.parcels if each.package_id == command.package_id), None) if work else None
    if work is None or parcel is None or parcel.state is not states.Package.SEALED:
        return Decision(say("pack.void_unknown", package=name))
    approver = by.approver or (by.worker if APPROVES in by.worker.roles else None)
    if approver is None:
        return Decision(say("pack.void_approval", package=name))
    states.step(states.PACKAGE, parcel.state, "void")
    facts: list[Fact] = [
        PackageVoided(
            fulfillment_id=work.fulfillment_id,
            picklist_id=work.picklist_id,
            package_id=parcel.package_id,
            sscc=label.sscc if label else "",
            reason=command.reason,
            approved_by=approver.worker_id,
            items=units.given_back(closing.items_of(work, parcel), loaded.inside),
        )
    ]
    if label is not None and Job(label.state) is not Job.VOIDED:
        if label.on_its_way or (Job(label.state), "void") not in JOB:
            return Decision(say("label.no_void", sscc=label.title, state=word(label.state)))
        of = {"fulfillment_id": work.fulfillment_id, "picklist_id": work.picklist_id, "job_id": label.job_id}
        facts.append(LabelVoided(**of, package_id=parcel.package_id, reason=command.reason))
    answer = say("pack.voided", package=name, sscc=label.sscc if label else "-", order=work.order_id)
    return Decision(answer, tuple(facts), work.lane)


def request_shipment(_site: Site, _by: By, loaded: Sealed, command: RequestShipment) -> Decision:
    """Ask for the shipment of a packed order, once."""
    work = loaded.work
    if work is None:
        return Decision(say("pack.unknown", id=shown(command.fulfillment_id)))
    if work.session is not states.PackSession.PACKED:
        return Decision(say("pack.not_all_packed", order=work.order_id))
    if loaded.shipment_asked:
        return Decision(say("pack.shipment_known", order=work.order_id))
    fact = closing.shipment_of(work)
    answer = say("pack.shipment_asked", order=work.order_id, parcels=len(fact.packages))
    return Decision(answer, (fact,), work.lane)
