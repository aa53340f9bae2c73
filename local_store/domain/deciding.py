"""The one door to the floor: a command and what is loaded for it become a decision."""

from __future__ import annotations

from local_store.domain import packing, picking, printing
from local_store.domain.commands import (
    Complete,
    DecideLabel,
    FloorCommand,
    KeyQuantity,
    MarkShort,
    OpenWork,
    PrintLabel,
    ReprintLabel,
    Scan,
    Seal,
    SignOut,
    Skip,
    Undo,
    VoidLabel,
    Weigh,
)
from local_store.domain.events import ScanRefused, WorkerSignedIn, WorkerSignedOut
from local_store.domain.floor import Decision, Floor
from local_store.domain.site import Site, Worker
from local_store.domain.words import Tone, say

ROLE_FOR = {"pick": "picker", "pack": "packer"}
"""The role a worker needs at a workplace, by its kind of work."""

_ABOUT_A_LABEL = (DecideLabel, ReprintLabel, VoidLabel, PrintLabel)


def decide(site: Site, floor: Floor, command: FloorCommand) -> Decision:
    """The facts and the answer that follow from a floor command. Raises IllegalStep only by a fault of ours."""
    work = site.workplaces[command.workplace]
    badge = site.worker_by_badge(command.code.strip()) if isinstance(command, Scan) else None
    if badge is not None:
        return _badge(site, floor, badge, work)
    decision = _act(site, floor, work, command)
    if isinstance(command, Scan) and (decision.answer.tone is Tone.REFUSED or decision.answer is floor.unclear):
        return _with_mis_scan(floor, command, decision)
    return decision


def _act(site: Site, floor: Floor, work: str, command: FloorCommand) -> Decision:
    worker = site.workers.get(floor.place.worker_id or "")
    if worker is None:
        return Decision(say("worker.none"))
    if isinstance(command, SignOut):
        return _sign_out(floor, worker)
    if command.needs not in {None, work}:
        return Decision(say("work.kind", what=command.kind, workplace=command.workplace, work=work))
    if floor.unclear is not None:
        return Decision(floor.unclear)
    if isinstance(command, _ABOUT_A_LABEL):
        return printing.decide(floor.label, command)
    if floor.asks is not None and not (isinstance(command, Scan) and floor.label is not None):
        return Decision(say("work.asks", sentence=floor.asks))
    if work == "pick":
        return _pick(site, floor, worker, command)
    return _pack(site, floor, worker, command)


def _pick(site: Site, floor: Floor, worker: Worker, command: FloorCommand) -> Decision:
    if isinstance(command, OpenWork):
        return _open_picklist(site, floor, worker, command, command.id)
    if floor.pick is None:
        if isinstance(command, Scan):
            return _open_picklist(site, floor, worker, command, command.code)
        return Decision(say("pick.none"))
    match command:
        case Scan():
            return picking.scan(floor, floor.pick, command)
        case KeyQuantity():
            return picking.key_quantity(floor.pick, command)
        case Skip():
            return picking.skip(floor.pick, command)
        case MarkShort():
            return picking.short(floor.pick, command)
        case Undo():
            return picking.undo(floor.pick, command)
        case Complete():
            return picking.complete(floor.pick, command)
    raise TypeError(f"no rule for {command.kind} while picking")


def _pack(site: Site, floor: Floor, worker: Worker, command: FloorCommand) -> Decision:
    if isinstance(command, Scan) and floor.label is not None:
        return printing.scanned(floor, floor.label)
    if isinstance(command, OpenWork):
        return _open_fulfillment(site, floor, worker, command, command.id)
    if floor.pack is None:
        if isinstance(command, Scan):
            return _open_fulfillment(site, floor, worker, command, command.code)
        return Decision(say("pack.none"))
    match command:
        case Scan():
            return packing.scan(floor, floor.pack, command)
        case KeyQuantity():
            return packing.key_quantity(floor.pack, command)
        case Undo():
            return packing.undo(floor.pack, command)
        case Weigh():
            return packing.weigh(site, floor.pack, command)
        case Seal():
            return packing.seal(floor.pack, floor.numbers, command)
    raise TypeError(f"no rule for {command.kind} while packing")


def _open_picklist(site: Site, floor: Floor, worker: Worker, command: FloorCommand, asked: str) -> Decision:
    if floor.asked_pick is None:
        known = bool(floor.meanings)
        return Decision(say("pick.none") if known else say("pick.unknown", picklist=asked))
    opening = picking.open_picklist(command.workplace, worker.worker_id, floor.asked_pick, floor.pick)
    return _if_there_is_room(site, opening, floor.asked_pick.picklist_id)


def _open_fulfillment(site: Site, floor: Floor, worker: Worker, command: FloorCommand, asked: str) -> Decision:
    if floor.asked_pack is None:
        known = bool(floor.meanings)
        return Decision(say("pack.none") if known else say("pack.unknown", id=asked))
    package_id = f"pkg_{command.command_id.hex}"
    opening = packing.open_fulfillment(command.workplace, worker.worker_id, floor.asked_pack, floor.pack, package_id)
    refusal = printing.box_first(floor) if site.label_check and opening.facts else None
    return Decision(refusal) if refusal else _if_there_is_room(site, opening, floor.asked_pack.order_id)


def _if_there_is_room(site: Site, opening: Decision, work: str) -> Decision:
    """Work is not begun while there is no room for its facts; what is open already stays so."""
    if opening.facts and not site.accepts_new_work:
        return Decision(say("work.no_room", work=work))
    return opening


def _badge(site: Site, floor: Floor, worker: Worker, work: str) -> Decision:
    role = ROLE_FOR[work]
    if role not in worker.roles:
        return Decision(say("worker.role", name=worker.name, work=work, role=role))
    place = floor.place
    if place.worker_id == worker.worker_id:
        return Decision(say("worker.already", name=worker.name))
    other = site.workers.get(place.worker_id or "")
    if other is not None and (place.picklist_id or place.fulfillment_id):
        return Decision(say("worker.busy", name=other.name, work=place.picklist_id or place.fulfillment_id))
    fact = WorkerSignedIn(workplace=place.workplace, worker_id=worker.worker_id)
    return Decision(say("worker.signed_in", name=worker.name), (fact,))


def _sign_out(floor: Floor, worker: Worker) -> Decision:
    fact = WorkerSignedOut(workplace=floor.place.workplace, worker_id=worker.worker_id)
    work = floor.place.picklist_id or floor.place.fulfillment_id
    if work:
        return Decision(say("worker.leaves_work", name=worker.name, work=work), (fact,))
    return Decision(say("worker.signed_out", name=worker.name), (fact,))


def _with_mis_scan(floor: Floor, command: Scan, decision: Decision) -> Decision:
    """A scan that was refused is a fact as well."""
    fact = ScanRefused(
        workplace=command.workplace,
        code=command.code,
        symbology=command.symbology,
        device=command.device,
        reason=decision.answer.code,
        work=floor.place.picklist_id or floor.place.fulfillment_id,
    )
    return Decision(decision.answer, (fact, *decision.facts))
