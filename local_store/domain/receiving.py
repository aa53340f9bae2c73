"""Receiving, scan by scan: an announcement is opened, its goods are tallied, and what came is recorded. Pure.

Several people may receive one announcement, on several days: each has a tally, and each that is completed makes a
receipt. What differs from the announcement is a fact beside it. Goods that the rules do not allow are asked for, and
never counted before a second person has allowed them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from local_store.domain import inbound as i
from local_store.domain import receipts, weights
from local_store.domain import tally as t
from local_store.domain.commands import Complete, FloorCommand, KeyQuantity, OpenWork, Scan, SetValue, Weigh
from local_store.domain.events import Fact, TallyOpened, decimal_text
from local_store.domain.floor import Decision, Floor
from local_store.domain.inbound import NOTHING, Inbound, Pallet
from local_store.domain.meaning import shown
from local_store.domain.site import Site, Worker
from local_store.domain.stock import OUTSIDE
from local_store.domain.tracing import in_words
from local_store.domain.words import Answer, say

DRIVER_WORD = "BLIND"
"""What is scanned or keyed to receive what nobody announced."""


class ReceiveDesk(NamedTuple):
    """What receiving is shown of the store."""

    desk: t.Desk
    inbound: Inbound | None
    """What the open tally is about; None for goods that nobody announced."""
    asked: Inbound | None
    """What a scan or an open names."""
    mine: str | None
    """The tally that is gone on with when what was asked is opened."""
    blind: bool
    """Whether goods that nobody announced were asked for."""
    pallet: Pallet | None
    sscc: str | None
    """The number of a pallet or carton that nobody announced."""
    unit_is_in: bool
    """Whether the pallet or carton that was scanned is counted or received already."""
    today: str
    serial_at: Callable[[str, str], str | None]
    has_file: Callable[[str], bool]
    allowed_expiry: frozenset[tuple[str, str]] = frozenset()
    """Expiry dates (SKU, date) that a second person allowed though they are too soon."""


def decide(site: Site, floor: Floor, worker: Worker, command: FloorCommand) -> Decision:
    """The facts and the answer that follow from an act at a receiving desk."""
    shown_here: ReceiveDesk = floor.desk
    tally = shown_here.desk.tally
    if tally is None:
        return _open(site, shown_here, worker, command)
    match command:
        case OpenWork():
            return _asked_again(shown_here, command)
        case Complete():
            return receipts.complete(site, shown_here.inbound, tally, command, wants)
        case Weigh():
            return _weighed(site, shown_here, tally, command)
        case Scan():
            return _scan(site, shown_here, tally, command)
        case SetValue(name="photo") if not shown_here.has_file(command.value):
            return Decision(say("receive.no_photo", sha256=shown(command.value)))
        case KeyQuantity() if tally.counts and tally.counts[-1].item.catch_weight:
            return Decision(say("receive.weigh_each", item=tally.counts[-1].item.title))
    return t.act(shown_here.desk, command, _check(site, shown_here), wants)


def wants(hand: t.InHand) -> str | None:
    """What is still to be said of the item in hand: as everywhere, and its weight where each unit is weighed."""
    missing = t.wants_what_its_product_requires(hand)
    return missing or ("weight" if hand.item.catch_weight and hand.weight_mg is None else None)


# --- opening ----------------------------------------------------------------------------------------------------


def _open(site: Site, desk: ReceiveDesk, worker: Worker, command: FloorCommand) -> Decision:
    if not isinstance(command, Scan | OpenWork):
        return Decision(say("receive.none"))
    asked = desk.asked
    if asked is None and not desk.blind:
        code = command.code if isinstance(command, Scan) else command.id
        known = bool(desk.desk.meant.meanings) or desk.sscc
        return Decision(say("receive.none") if known else say("receive.unknown", code=shown(code)))
    if asked is not None and not asked.open:
        return Decision(say("receive.closed", number=asked.number))
    if not site.accepts_new_work:
        return Decision(say("work.no_room", work=asked.number if asked else DRIVER_WORD))
    tally_id = desk.mine or f"tally_{command.command_id.hex}"
    about = asked.inbound_id if asked else i.BLIND + tally_id
    opened = t.opened("receive", about, command.workplace, worker.worker_id, tally_id)
    if asked is None:
        return Decision(say("receive.blind"), (opened,))
    if isinstance(command, Scan) and desk.pallet is not None:
        return _with_pallet(site, desk._replace(inbound=asked), opened, command)
    expected = sum((line.expected for line in asked.lines), NOTHING)
    came = sum((asked.received(sku) for sku in asked.skus), NOTHING)
    words = {"expected": decimal_text(expected), "received": decimal_text(came)}
    return Decision(say("receive.opened", number=asked.number, **words), (opened,), asked.lane)


def _with_pallet(site: Site, desk: ReceiveDesk, opened: TallyOpened, command: Scan) -> Decision:
    """A pallet opens what it belongs to and is counted by the same scan."""
    tally = t.Tally(opened.tally_id, "receive", opened.about)
    counted = _pallet(site, desk, tally, command)
    return Decision(counted.answer, (opened, *counted.facts) if counted.facts else ())


def _asked_again(desk: ReceiveDesk, command: OpenWork) -> Decision:
    if desk.asked is not None and desk.inbound is not None and desk.asked.inbound_id == desk.inbound.inbound_id:
        return Decision(_state(desk.inbound))
    work = desk.inbound.number if desk.inbound else DRIVER_WORD
    return Decision(say("receive.busy", work=work, asked=shown(command.id)))


def _state(inbound: Inbound) -> Answer:
    expected = sum((line.expected for line in inbound.lines), NOTHING)
    came = sum((inbound.received(sku) for sku in inbound.skus), NOTHING)
    words = {"expected": decimal_text(expected), "received": decimal_text(came)}
    return say("receive.opened", number=inbound.number, **words)


# --- counting ---------------------------------------------------------------------------------------------------


def _scan(site: Site, desk: ReceiveDesk, tally: t.Tally, command: Scan) -> Decision:
    if t.asks_for_text(tally, desk.desk, wants) and desk.sscc is None and not desk.blind:
        return t.act(desk.desk, command, _check(site, desk), wants)
    if desk.pallet is not None:
        return _pallet(site, desk, tally, command)
    if desk.blind or desk.asked is not None:
        same = tally.about == desk.asked.inbound_id if desk.asked else tally.about.startswith(i.BLIND)
        if same:
            return receipts.complete(site, desk.inbound, tally, command, wants)
        work = desk.inbound.number if desk.inbound else DRIVER_WORD
        return Decision(say("receive.busy", work=work, asked=shown(command.code)))
    if desk.sscc is not None:
        return _container(desk, tally, desk.sscc)
    location = next((each.id for each in desk.desk.meant.meanings if each.thing == "location"), None)
    if location is not None and desk.desk.item is None:
        return Decision(say("receive.no_location", location=location))
    return t.act(desk.desk, command, _check(site, desk), wants)


def _pallet(site: Site, desk: ReceiveDesk, tally: t.Tally, command: Scan) -> Decision:
    """All that was announced to be on a pallet is counted by one scan, or nothing of it."""
    pallet = desk.pallet
    if pallet is None:
        raise TypeError("no pallet was scanned")
    if desk.unit_is_in:
        return Decision(say("receive.pallet_again", sscc=pallet.sscc))
    if pallet.inbound_id != tally.about:
        number = desk.asked.number if desk.asked else pallet.inbound_id
        return Decision(say("receive.pallet_elsewhere", sscc=pallet.sscc, number=number))
    check, facts, units = _check(site, desk), list[Fact](), NOTHING
    for place, (item, line) in enumerate(pallet.content):
        hand = t.InHand(item, line.qty, line.lot_id, line.expires_on, container=pallet.sscc)
        refusal = check(tally, hand) or _serials(desk, tally, item, line.serials)
        if refusal is not None:
            return Decision(refusal)
        counted = t.count_of(tally, hand, f"{command.command_id}:{place}")
        facts.append(counted.model_copy(update={"serials": line.serials}))
        tally = tally._replace(
            counts=(*tally.counts, t.Counted(counted.count_id, item, line.qty, serials=line.serials))
        )
        units += line.qty
    words = {"sscc": pallet.sscc, "units": decimal_text(units), "lines": len(pallet.content)}
    return Decision(say("receive.pallet", **words), tuple(facts))


def _serials(desk: ReceiveDesk, tally: t.Tally, item: t.Item, serials: tuple[str, ...]) -> Answer | None:
    counted = {serial for each in tally.counts if each.item.sku == item.sku for serial in each.serials}
    for serial in serials:
        if serial in counted:
            return say("tally.serial_twice", serial=shown(serial), item=item.title)
        if (refusal := _is_here(desk, item, serial)) is not None:
            return refusal
    return None


def _container(desk: ReceiveDesk, tally: t.Tally, sscc: str) -> Decision:
    """A pallet that nobody announced is opened, and shut by the same number."""
    if tally.container == sscc:
        units = sum((each.qty for each in tally.counts if each.container == sscc), NOTHING)
        answer = say("receive.container_shut", sscc=sscc, units=decimal_text(units))
        return Decision(answer, (t.contained(tally, None),))
    if desk.unit_is_in:
        return Decision(say("receive.pallet_again", sscc=sscc))
    return Decision(say("receive.container", sscc=sscc), (t.contained(tally, sscc),))


def _weighed(site: Site, desk: ReceiveDesk, tally: t.Tally, command: Weigh) -> Decision:
    weighing = weights.Weighing(
        scale=command.scale,
        weight_mg=command.weight_mg,
        stability=command.stability,
        range=command.range,
        fault=command.fault,
        newer_than_request=command.newer_than_request,
        emptied=command.emptied,
    )
    refusal = weights.refusal(weighing)
    if refusal is not None or weighing.weight_mg is None:
        return Decision(refusal or say("scale.none"))
    return t.weighed(tally, weighing.weight_mg, str(command.command_id), _check(site, desk), wants)


def _check(site: Site, desk: ReceiveDesk) -> t.Check:
    """Why an item must not be counted: its unit is here already, it expires too soon, or it is too many."""

    def check(tally: t.Tally, hand: t.InHand) -> Answer | None:
        if desk.inbound is not None and not desk.inbound.open:  # somebody closed it while nothing was counted here
            return say("receive.closed", number=desk.inbound.number)
        if hand.serial is not None and (refusal := _is_here(desk, hand.item, hand.serial)) is not None:
            return refusal
        earliest = i.expires_too_soon(hand, desk.today)
        asks = (hand.item.sku, hand.expires_on or "") not in desk.allowed_expiry
        if earliest is not None and asks and hand.condition == "good":
            about = {"day": hand.expires_on, "wanted": earliest, "sku": hand.item.sku}
            return say("receive.expires", item=hand.item.title, **about)
        return _too_many(site, desk.inbound, tally, hand)

    return check


def _is_here(desk: ReceiveDesk, item: t.Item, serial: str) -> Answer | None:
    """Why a unit cannot come in: it is in stock, or somebody else has just counted it."""
    account = desk.serial_at(item.sku, serial)
    if account is None or account in OUTSIDE:
        return t.counted_elsewhere(desk.desk, item, serial)
    return say("receive.serial_here", serial=shown(serial), item=item.title, account=in_words(account))


def _too_many(site: Site, inbound: Inbound | None, tally: t.Tally, hand: t.InHand) -> Answer | None:
    if inbound is None:
        return None
    sku = hand.item.sku
    total = inbound.received(sku) + inbound.elsewhere.get(sku, NOTHING) + tally.total(sku) + hand.qty
    if total <= inbound.most(sku, site.receiving):
        return None
    expected = inbound.expected(sku)
    words = {"total": decimal_text(total), "sku": sku}
    if not expected:
        return say("receive.unexpected", item=hand.item.title, number=inbound.number, **words)
    return say("receive.over", item=hand.item.title, announced=decimal_text(expected), **words)
