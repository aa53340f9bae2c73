"""The views of a real floor, as its stores show them while people work: each kind of work with goods has a story."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from agent.floor.views import Strip, view_of
from agent.problems import Problems
from local_store.clock import SystemClock
from local_store.domain import commands as c
from local_store.domain.events import ReturnCreated
from local_store.domain.site import Worker
from local_store.domain.words import Answer
from tests.screens.views import Json, device, lane, minutes_ago
from tests.support.dock import PALLET, Dock, announced, expected, location, on_pallet, pallet
from tests.support.floor import ANA, SITE, Bench, new_id, product
from tests.support.loading import sealed

EVERYTHING = frozenset({"picker", "packer", "receiver", "qc_agent", "supervisor"})
ROSA = Worker("rosa", "Rosa", "BADGE-ROSA", EVERYTHING)
BEN = Worker("ben", "Ben", "BADGE-BEN", EVERYTHING)
HANNA = Worker("hanna", "Hanna", "BADGE-HANNA", EVERYTHING, language="de")
LAYLA = Worker("layla", "ليلى", "BADGE-LAYLA", EVERYTHING, language="ar")
PLACES = {
    "in-1": "receive",
    "put-1": "put_away",
    "count-1": "count",
    "count-2": "count",
    "back-1": "return",
    "look-1": "inspect",
    "kit-1": "kit",
    "dock-1": "load",
    "pack-1": "pack",
}
WORKERS = {each.worker_id: each for each in (ROSA, BEN, HANNA, LAYLA, ANA)}
SCANNER = [device("scanner", "scanner")]
AWAY: Json = {
    "lanes": [
        lane(
            "unreachable",
            "HQ cannot be reached. Keep working; 212 facts are safe here and will be sent.",
            unsent=212,
            oldest_unsent_at=minutes_ago(3),
        )
    ]
}
BACK: Json = {"lanes": [lane(unsent=12, oldest_unsent_at=minutes_ago(3))]}
GONE: Json = {
    "devices": [
        device("scanner", "scanner", away="The scanner is unplugged.", step="Plug it in; it works again by itself.")
    ]
}
LONG = "Räucherlachsfiletspezialitätenmischung nach Großmutterart"


@dataclass(frozen=True)
class Scene:
    """What is shown, what is pressed then, and what the scale says."""

    view: Json
    press: tuple[str, ...] = ()
    weight: Json | None = None
    answer_is_old: bool = field(default=False)


class Story(Dock):
    """A house in which one story is lived; `snap` keeps what the screen shows then."""

    def __init__(self, folder: Path, at: str) -> None:
        site = replace(SITE, workplaces=PLACES, workers=WORKERS)
        Bench.__init__(self, folder, site, at)
        self.scenes: dict[str, Scene] = {}
        self.given_products(
            product("NW-001", "2900000000018", "1290000000001*24", name="Chai", location_id="A-01-1"),
            product("NW-002", "2900000000025", name="Chang", lot_required=True, expiry_required=True),
            product("NW-011", "2900000000117", name="Queso Cabrales", catch_weight=True, location_id="B-02-1"),
            product("NW-020", "2900000000209", name="Hand scanner X7", serial_required=True),
            product("NW-036", "2900000000360", name=LONG, location_id="C-01-1"),
            product("TEA", name="Tea"),
            product("NW-099", name="Gift box without a code of its own"),
        )

    def snap(self, name: str, *press: str, weight: Json | None = None, **over: Any) -> None:
        """Keep the view as it is now, with other members where the story wants them."""
        receipt = getattr(self, "screen", None)
        number = len(self.scenes) + 1
        said = (
            {"number": number, "command_id": f"c-{number}", "tone": receipt.tone.value, "code": receipt.code}
            | {"text": receipt.text, "at": "2030-05-06T12:02:00.000Z"}
            if receipt is not None
            else None
        )
        view = self.view(said, receipt)
        usual = {"devices": SCANNER, "lanes": [lane()], "station": "north-3"}
        self.scenes[name] = Scene(copy.deepcopy({**view, **usual, **over}), press, weight)

    def view(self, said: Json | None = None, answer: Answer | None = None) -> Json:
        """What a screen of this workplace shows."""
        strip = Strip(
            lambda: self.store.site,
            SystemClock(),
            lambda _: (),
            dict,
            Problems(SystemClock().wall_ms),
            training=False,
        )
        shown: Json = json.loads(json.dumps(view_of(self.store.reader, strip, self.workplace, said, answer)))
        return shown

    def acts(self, command: type[c.WorkerCommand], **of: Any) -> None:
        """A command of Rosa's with a key."""
        self.do(command(**{"command_id": new_id(), "worker_id": "rosa", **of}))

    def usual_ends(self, name: str) -> None:
        """The states that every screen has: HQ and devices come and go, training, somebody signs out."""
        self.snap(f"{name}_hq_away", **AWAY)
        self.snap(f"{name}_hq_back", **BACK)
        self.snap(f"{name}_device_gone", **GONE)
        self.snap(f"{name}_training", training=True)
        self.sign_out()
        self.snap(f"{name}_signed_out_in_mid_work")


def receive(folder: Path) -> Story:
    """A lorry with five products: a lot and a date, a weight, a serial number, damage, too many, and a pallet."""
    story = Story(folder, "in-1")
    story.snap("receive_signed_out")
    story.signed_in(ROSA)
    story.snap("receive_empty")
    lines = (expected("NW-001", 48), expected("NW-002", 12), expected("NW-011", 3), expected("NW-020", 2))
    on = pallet(PALLET, on_pallet("NW-001", 24))
    late = {"supplier": "Exotic Liquids", "expected_on": "2030-05-06"}
    story.given(
        announced("ASN-4711", *lines, expected("NW-036", 6), pallets=(on,), **late),
        announced("ASN-4712", expected("NW-001", 24), supplier="Northwoods"),
    )
    story.snap("receive_choose")
    story.scan("ASN-4711")
    story.snap("receive_waiting")
    story.scan("NW-777")
    story.snap("receive_refused")
    story.scan("NW-001")
    story.snap("receive_counted")
    story.key(20)
    story.snap("receive_quantity", "button.amount", "key-pad [data-key='2']", "key-pad [data-key='4']")
    story.scan(PALLET)
    story.snap("receive_pallet")
    story.scan("NW-002")
    story.snap("receive_asks_lot")
    story.snap(
        "receive_keys_lot", "action-bar [data-key=set-lot]", "key-pad [data-key='7']", "key-pad [data-key=page]"
    )
    story.says("lot", "L-2027-44")
    story.snap("receive_keys_date", "action-bar [data-key=set-expiry]", *_keys("2703"))
    story.says("expiry", "2031-03-31")
    story.says("condition", "damaged")
    story.snap("receive_damaged")
    story.snap("receive_condition", "action-bar [data-key=set-condition]")
    story.snap("receive_more", "action-bar [data-key=more]")
    reject = ("action-bar [data-key=more]", "reason-tiles [data-key=inbound-reject]")
    story.snap("receive_reject", *reject)
    story.snap("receive_reject_how_many", *reject, "reason-tiles [data-key='too warm']")
    _receive_the_rest(story)
    return story


def _receive_the_rest(story: Story) -> None:
    """Serial numbers, weights, one too many, and a second delivery."""
    story.scan("NW-020")
    story.says("serial", "SN-0001")
    story.snap("receive_serial")
    story.scan("NW-011")
    moving = {"state": "moving", "text": "1.020 kg", "sentence": ""}
    story.snap("receive_weigh", weight=moving)
    story.weigh(1020)
    story.snap("receive_weighed")
    story.scan("NW-036")
    story.key(6)
    story.snap("receive_line_done")
    story.scan("NW-036")
    story.snap("receive_too_many")
    story.usual_ends("receive")
    story.signed_in(LAYLA)
    story.snap("receive_arabic")
    story.sign_out()
    story.signed_in(HANNA)
    story.scan("NW-001")
    story.snap("receive_german")
    story.sign_out()
    story.signed_in(ROSA)
    story.complete()
    story.scan("ASN-4712", "NW-001")
    story.key(24)
    story.snap("receive_all_came")
    story.complete()
    story.snap("receive_done")


def put_away(folder: Path) -> Story:
    """What came lies on the dock: a pallet, and single units of a lot."""
    story = Story(folder, "put-1")
    story.snap("put_away_signed_out")
    story.signed_in(ROSA)
    story.snap("put_away_empty")
    story.given(location("A-01-1", 1, 100), location("A-02-1", 2, 50), location("C-01-1", 3))
    on = pallet(PALLET, on_pallet("NW-036", 48))
    story.given(
        announced("ASN-1", expected("NW-001", 10), expected("NW-002", 5), expected("NW-036", 48), pallets=(on,))
    )
    story.at("in-1").signed_in(ROSA)
    story.scan("ASN-1", "NW-001")
    story.key(10)
    story.scan("NW-002")
    story.says("lot", "L-44")
    story.says("expiry", "2031-03-31")
    story.scan(PALLET)
    story.complete()
    story.at("put-1")
    story.snap("put_away_choose")
    story.scan("NW-001")
    story.snap("put_away_home")
    story.key(8)
    story.snap("put_away_more_in_hand")
    story.scan("NW-002")
    story.snap("put_away_refused")
    story.scan("A-01-1")
    story.snap("put_away_done")
    story.scan("NW-002")
    story.snap("put_away_empty_place")
    story.snap("put_away_key_code", "action-bar [data-key=more]", "reason-tiles [data-key=scan]")
    story.undo()
    story.scan(PALLET)
    story.snap("put_away_pallet")
    story.usual_ends("put_away")
    story.signed_in(LAYLA)
    story.snap("put_away_arabic")
    story.sign_out()
    story.signed_in(HANNA)
    story.snap("put_away_german")
    return story


def count(folder: Path) -> Story:
    """A blind count that is far off and counted again, an empty shelf, and a count that may see what is believed."""
    story = Story(folder, "count-1")
    story.snap("count_signed_out")
    story.signed_in(BEN)
    story.snap("count_empty")
    for sku, at, qty in (("NW-001", "A-01-1", 20), ("NW-036", "C-01-1", 6)):
        story.acts(c.AdjustStock, sku=sku, location_id=at, qty=Decimal(qty), reason="opening")
    story.acts(c.RequestCount, location_id="A-01-1", reason="looks wrong")
    story.acts(c.RequestCount, location_id="B-02-1", reason="may be empty")
    story.acts(c.RequestCount, location_id="C-01-1", sku="NW-036", reason="stocktake", blind=False)
    story.snap("count_choose")
    ((first,),) = story.query("SELECT count_task_id FROM count_task WHERE location_id = 'A-01-1'")
    story.open(first)
    story.snap("count_go_there")
    story.scan("B-02-1")
    story.snap("count_refused")
    story.scan("A-01-1")
    story.snap("count_waiting")
    story.scan("NW-001")
    story.snap("count_counted")
    story.key(12)
    story.snap("count_keyed")
    story.scan("NW-020")
    story.snap("count_asks_serial")
    story.says("serial", "SN-0001")
    story.snap("count_serial")
    story.usual_ends("count")
    story.signed_in(LAYLA)
    story.snap("count_arabic")
    story.sign_out()
    story.signed_in(HANNA)
    story.snap("count_german")
    story.sign_out()
    story.signed_in(BEN)
    story.scan("A-01-1")
    story.snap("count_recount_asked")
    story.scan("B-02-1")
    story.scan("B-02-1")
    story.snap("count_empty_ask")
    story.scan("B-02-1")
    story.snap("count_empty_right")
    story.scan("C-01-1", "NW-036")
    story.snap("count_open_count")
    story.at("count-2").signed_in(ROSA)
    story.snap("count_choose_recount")
    story.scan("A-01-1")
    story.snap("count_recount")
    return story


def back(folder: Path) -> Story:
    """A return with two lines comes, one unit damaged and one that nobody announced."""
    story = Story(folder, "back-1")
    story.snap("return_signed_out")
    story.signed_in(ROSA)
    story.snap("return_empty")
    _return(story, "RMA-1001")
    story.snap("return_choose")
    story.scan("RMA-1001")
    story.snap("return_waiting")
    story.scan("NW-001")
    story.snap("return_counted")
    story.says("condition", "damaged")
    story.snap("return_damaged")
    story.scan("NW-099")
    story.snap("return_not_announced")
    story.scan("NW-555")
    story.snap("return_refused")
    story.scan("NW-020")
    story.snap("return_asks_serial")
    story.snap("return_more", "action-bar [data-key=more]")
    story.says("serial", "SN-0001")
    story.snap("return_serial")
    story.usual_ends("return")
    story.signed_in(LAYLA)
    story.snap("return_arabic")
    story.sign_out()
    story.signed_in(HANNA)
    story.scan("NW-001")
    story.snap("return_german")
    story.scan("RMA-1001")
    story.snap("return_done")
    return story


def inspect(folder: Path) -> Story:
    """What came back goes to a shelf, to repair and to scrap."""
    story = Story(folder, "look-1")
    story.snap("inspect_signed_out")
    story.signed_in(ROSA)
    story.snap("inspect_empty")
    _return(story, "RMA-1001")
    story.at("back-1").signed_in(ROSA)
    story.scan("RMA-1001", "NW-001", "NW-001", "NW-099", "RMA-1001")
    story.at("look-1")
    story.snap("inspect_choose")
    story.acts(c.StartQc, subject_id="RMA-1001", inspect=1, of_every=2)
    story.snap("inspect_check")
    story.snap("inspect_check_fault", "check-cards .row button:nth-child(2)")
    ((qc,),) = story.query("SELECT qc_id FROM qc")
    story.acts(c.RecordQc, qc_id=qc, passed=True, units=Decimal(2))
    story.snap("inspect_check_decide", "check-cards .row button:nth-child(3)")
    story.acts(c.ResolveQc, qc_id=qc, disposition="reshelve")
    story.scan("RMA-1001")
    story.snap("inspect_what_becomes")
    story.scan("NW-001")
    story.snap("inspect_refused")
    story.scan("reshelve", "NW-001")
    story.snap("inspect_counted")
    story.scan("scrap", "NW-001")
    story.snap("inspect_scrap")
    story.usual_ends("inspect")
    story.signed_in(LAYLA)
    story.snap("inspect_arabic")
    story.sign_out()
    story.signed_in(HANNA)
    story.snap("inspect_german")
    story.scan("quarantine", "NW-099")
    story.snap("inspect_all")
    story.complete()
    story.snap("inspect_done")
    return story


def kit(folder: Path) -> Story:
    """Two hampers of three chai and one gift box."""
    story = Story(folder, "kit-1")
    story.given_products(product("KIT-1", name="Breakfast hamper", location_id="K-01"))
    story.snap("kit_signed_out")
    story.signed_in(ROSA)
    story.snap("kit_empty")
    bill = ({"sku": "NW-001", "qty": 3}, {"sku": "NW-099", "qty": 1})
    story.acts(c.RecordBill, sku="KIT-1", parts=bill)
    story.acts(c.MakeWorkOrder, number="WO-77", sku="KIT-1", qty=Decimal(2))
    story.snap("kit_choose")
    story.scan("WO-77")
    story.snap("kit_waiting")
    story.scan("A-01-1", "NW-001")
    story.snap("kit_counted")
    story.scan("NW-020")
    story.snap("kit_refused")
    story.key(6)
    story.snap("kit_line_done")
    story.snap("kit_short", "action-bar [data-key=short]")
    story.usual_ends("kit")
    story.signed_in(LAYLA)
    story.snap("kit_arabic")
    story.sign_out()
    story.signed_in(HANNA)
    story.scan("NW-099")
    story.snap("kit_german")
    story.scan("NW-099")
    story.snap("kit_all_there")
    story.complete()
    story.snap("kit_done")
    return story


def load(folder: Path) -> Story:
    """Three parcels for DHL, of which one is nowhere to be seen."""
    story = Story(folder, "dock-1")
    story.snap("load_signed_out")
    story.signed_in(ROSA)
    story.snap("load_empty")
    story.at("pack-1").signed_in(ANA)
    story.at("dock-1")
    ssccs = [_parcel(story, f"ord_1024{n}") for n in range(3)]
    story.scan(ssccs[0])
    story.snap("load_counted")
    story.scan(ssccs[0])
    story.snap("load_refused")
    story.snap("load_more", "action-bar [data-key=more]")
    unload = ("action-bar [data-key=more]", "reason-tiles [data-key=parcel-unload]")
    story.snap("load_take_off", *unload)
    story.snap("load_take_off_which", *unload, "reason-tiles [data-key=damaged]")
    story.usual_ends("load")
    story.signed_in(LAYLA)
    story.snap("load_arabic")
    story.sign_out()
    story.signed_in(HANNA)
    story.snap("load_german")
    story.scan(*ssccs[1:])
    story.snap("load_all_on")
    story.complete()
    story.snap("load_done")
    return story


STORIES: dict[str, Callable[[Path], Story]] = {
    "receive": receive,
    "put-away": put_away,
    "count": count,
    "return": back,
    "inspect": inspect,
    "kit": kit,
    "load": load,
}
"""The story of each page."""


def _keys(digits: str) -> tuple[str, ...]:
    return tuple(f"key-pad [data-key='{digit}']" for digit in digits)


def _return(story: Story, number: str) -> None:
    lines = ({"order_line_id": "l-1", "qty": 2, "sku": "NW-001"}, {"order_line_id": "l-2", "qty": 1, "sku": "NW-020"})
    asked = {"order_id": "ord_10248", "reason": "damaged", "return_method": "ship", "rma_reference": number}
    story.acts(c.CreateReturn, **asked, expected_lines=lines)
    assert story.facts(ReturnCreated)


def _parcel(story: Story, order: str) -> str:
    return sealed(story, order)
