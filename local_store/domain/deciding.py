"""The one door to the floor: a command and what is loaded for it become a decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from local_store.domain import (
    closing,
    counting,
    dispatch,
    kitting_desk,
    packing,
    parcels,
    people,
    picking,
    printing,
    put_away,
    putting,
    receiving,
    replanning,
    returns_desk,
    tracing,
)
from local_store.domain.commands import (
    Complete,
    DecideLabel,
    FloorCommand,
    KeyQuantity,
    KeySerials,
    MarkShort,
    OpenWork,
    PrintLabel,
    Replan,
    ReprintLabel,
    Scan,
    Seal,
    SetValue,
    SignOut,
    Skip,
    Undo,
    VoidLabel,
    Weigh,
)
from local_store.domain.events import PackageSealed, ScanRefused, WorkerSignedIn, WorkerSignedOut
from local_store.domain.floor import Decision, Floor
from local_store.domain.pack_work import PackWork
from local_store.domain.pick_work import PickWork
from local_store.domain.site import Site, Worker
from local_store.domain.words import Tone, say, word

ROLE_FOR = {
    "pick": "picker",
    "pack": "packer",
    "receive": "receiver",
    "put_away": "receiver",
    "count": "picker",
    "return": "receiver",
    "inspect": "qc_agent",
    "kit": "packer",
    "load": "packer",
}
"""The role a worker needs at a workplace, by its kind of work."""

Desk = Callable[[Site, Floor, Worker, FloorCommand], Decision]
DESKS: Mapping[str, Desk] = {
    "receive": receiving.decide,
    "put_away": put_away.decide,
    "count": counting.decide,
    "return": returns_desk.at_return,
    "inspect": returns_desk.at_inspection,
    "kit": kitting_desk.at_kits,
    "load": dispatch.decide,
}
"""How each kind of work beside picking and packing is decided; what it sees of the store is in `floor.desk`."""

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
    if command.needs and work not in command.needs:
        return Decision(
            say("work.kind", what=word(command.kind, "act"), workplace=command.workplace, work=word(work, "work"))
        )
    if floor.unclear is not None:
        return Decision(floor.unclear)
    if isinstance(command, _ABOUT_A_LABEL):
        return printing.decide(floor.label, command)
    if floor.asks is not None and not (isinstance(command, Scan) and floor.label is not None):
        return Decision(say("work.asks", sentence=floor.asks))
    if floor.held is not None:
        return Decision(floor.held)
    if work == "pick":
        return _pick(site, floor, worker, command)
    if work == "pack":
        return _pack(site, floor, worker, command)
    return DESKS[work](site, floor, worker, command)


def _pick(site: Site, floor: Floor, worker: Worker, command: FloorCommand) -> Decision:
    if isinstance(command, OpenWork):
        return _open_picklist(site, floor, worker, command, command.id)
    if floor.pick is None:
        if isinstance(command, Scan):
            return _open_picklist(site, floor, worker, command, command.code)
        return Decision(say("pick.none"))
    waiting = floor.pick.put_task_id
    if waiting is not None and not isinstance(command, Undo):
        return putting.put(floor, floor.pick, floor.pick.task(waiting), command)
    decision = _pick_open(floor, floor.pick, command)
    return putting.asked(floor.pick, decision) if site.picking.put_check else decision


def _pick_open(floor: Floor, work: PickWork, command: FloorCommand) -> Decision:
    match command:
        case Scan():
            return picking.scan(floor, work, command)
        case KeyQuantity():
            return picking.key_quantity(floor, work, command)
        case KeySerials():
            return tracing.key_serials(floor, work, command)
        case SetValue():
            return tracing.set_value(floor, work, command)
        case Replan():
            return replanning.replan(floor, work, command.location_id, str(command.command_id))
        case Skip():
            return picking.skip(work, command)
        case MarkShort():
            return replanning.offered(floor, picking.short(work, command))
        case Undo():
            return picking.undo(work, command)
        case Complete():
            return picking.complete(floor, work, command)
    raise TypeError(f"no rule for {command.kind} while picking")


def _pack(site: Site, floor: Floor, worker: Worker, command: FloorCommand) -> Decision:
    if isinstance(command, Scan) and floor.label is not None:
        return printing.scanned(floor, floor.label)
    if isinstance(command, OpenWork):
        return _open_fulfillment(site, floor, worker, command, command.id)
    if isinstance(command, Scan):
        return _scan_packing(site, floor, worker, command)
    if floor.pack is None:
        return Decision(say("pack.none"))
    act = parcels.ACTS.get(type(command))
    return act(site, floor, floor.pack, command) if act else _at_parcel(site, floor, floor.pack, command)


def _at_parcel(site: Site, floor: Floor, work: PackWork, command: FloorCommand) -> Decision:
    match command:
        case KeyQuantity():
            return packing.key_quantity(work, command)
        case Undo():
            return packing.undo(work, command)
        case Weigh(hands_free=True):
            return _then_next(floor, closing.weigh_and_seal(site, work, floor.numbers, command))
        case Weigh():
            return closing.weigh(site, work, command)
        case Seal():
            return _then_next(floor, closing.seal(site, work, floor.numbers, command))
    raise TypeError(f"no rule for {command.kind} while packing")


def _then_next(floor: Floor, decision: Decision) -> Decision:
    """With the last parcel of an order another one that is open here comes to the front."""
    packed = any(isinstance(fact, PackageSealed) and fact.last for fact in decision.facts)
    if not packed or not floor.others:
        return decision
    return decision._replace(facts=(*decision.facts, packing.resumed(floor.others[0], floor.place.workplace)))


def _scan_packing(site: Site, floor: Floor, worker: Worker, command: Scan) -> Decision:
    """A code at the pack station: an order, goods of the open order or of another one that is open, or an act."""
    work = floor.pack
    products = any(meaning.thing == "product" for meaning in floor.meanings)
    if work is None or (floor.asked_pack is not None and not products):
        return _open_fulfillment(site, floor, worker, command, command.code)
    act = parcels.by_code(command) if not floor.meanings else None
    if act is not None:
        return parcels.ACTS[type(act)](site, floor, work, act)
    other = packing.wanted_by(floor, work)
    if other is None:
        return packing.scan(floor, work, command)
    counted = packing.scan(floor, other, command)
    resumed = packing.resumed(other, command.workplace)
    return counted._replace(facts=(resumed, *counted.facts)) if counted.facts else counted


def _open_picklist(site: Site, floor: Floor, worker: Worker, command: FloorCommand, asked: str) -> Decision:
    if floor.asked_pick is None:
        known = bool(floor.meanings)
        return Decision(say("pick.none") if known else say("pick.unknown", picklist=asked))
    given_to = floor.asked_pick.given_to
    if given_to not in {None, worker.worker_id}:
        name = site.workers[given_to].name if given_to in site.workers else given_to
        return Decision(say("give.others", picklist=floor.asked_pick.picklist_id, worker=name))
    zone = floor.asked_pick.zone
    if floor.zone is not None and zone not in {None, floor.zone}:
        words = {"picklist": floor.asked_pick.picklist_id, "zone": zone, "workplace": command.workplace}
        return Decision(say("pick.other_zone", **words, here=floor.zone))
    opening = picking.open_picklist(command.workplace, worker.worker_id, floor.asked_pick, floor.pick)
    return _if_it_may_begin(site, floor, opening, floor.asked_pick.picklist_id)


def _open_fulfillment(site: Site, floor: Floor, worker: Worker, command: FloorCommand, asked: str) -> Decision:
    if floor.asked_pack is None:
        known = bool(floor.meanings)
        return Decision(say("pack.none") if known else say("pack.unknown", id=asked))
    package_id = f"pkg_{command.command_id.hex}"
    opening = packing.open_fulfillment(site, floor, worker.worker_id, floor.asked_pack, package_id)
    refusal = printing.box_first(floor) if site.label_check and opening.facts and floor.pack is None else None
    return Decision(refusal) if refusal else _if_it_may_begin(site, floor, opening, floor.asked_pack.order_id)


def _if_it_may_begin(site: Site, floor: Floor, opening: Decision, work: str) -> Decision:
    """Work is not begun while there is no room for its facts, or when it is too old; what is open stays so."""
    if opening.facts and floor.too_old is not None:
        return Decision(floor.too_old)
    if opening.facts and not site.accepts_new_work:
        return Decision(say("work.no_room", work=work))
    return opening


def _badge(site: Site, floor: Floor, worker: Worker, work: str) -> Decision:
    role = ROLE_FOR[work]
    if role not in worker.roles:
        return Decision(say("worker.role", name=worker.name, work=word(work, "work"), role=word(role)))
    place = floor.place
    if place.worker_id == worker.worker_id:
        return Decision(say("worker.already", name=worker.name))
    other = site.workers.get(place.worker_id or "")
    if other is not None and place.open_work:
        return Decision(say("worker.busy", name=other.name))
    over = people.ended(site, worker)
    if over is not None:
        return Decision(over)
    fact = WorkerSignedIn(workplace=place.workplace, worker_id=worker.worker_id)
    return Decision(say("worker.signed_in", name=worker.name), (fact,))


def _sign_out(floor: Floor, worker: Worker) -> Decision:
    fact = WorkerSignedOut(workplace=floor.place.workplace, worker_id=worker.worker_id)
    said = "worker.leaves_work" if floor.place.open_work else "worker.signed_out"
    return Decision(say(said, name=worker.name), (fact,))


def _with_mis_scan(floor: Floor, command: Scan, decision: Decision) -> Decision:
    """A scan that was refused is a fact as well."""
    fact = ScanRefused(
        workplace=command.workplace,
        code=command.code,
        symbology=command.symbology,
        device=command.device,
        reason=decision.answer.code,
        work=floor.place.open_work,
    )
    return Decision(decision.answer, (fact, *decision.facts))
