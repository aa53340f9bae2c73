"""What one person may not do alone a supervisor allows where they stand, by badge and PIN; the PIN goes nowhere."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from tests.screens import views
from tests.screens.acting import keyed, more, press_keys, said
from tests.screens.conftest import STATION, Open, Screen, until
from tests.screens.stand_in import Json, StandIn

pytestmark = pytest.mark.asyncio(loop_scope="session")
PIN = "739154"
UNPACK = {**views.UNPACK, "approval": True}
WRONG = "Badge or PIN is wrong. Try again."
UNLOAD: Json = views.action(
    "parcel-unload",
    "Take one off",
    reasons=[views.reason("damaged", "Damaged")],
    then=[{"ask": "Which parcel comes off DHL?", "member": "parcel", "reasons": None, "pad": "text"}],
    path="/v1/station/manifests/man_1/unload",
    place="more",
)
WATCHED = """() => {
  window.stored = [];
  const keep = Storage.prototype.setItem;
  Storage.prototype.setItem = function (key, text) {
    stored.push(text);
    return keep.call(this, key, text);
  };
}"""
IN_SIGHT = """() => [document.documentElement.outerHTML, ...Object.values(localStorage),
  ...Object.values(sessionStorage), ...stored, document.cookie, location.href].join("\\n")"""
UNSENT = "Object.keys(localStorage).filter((key) => key.startsWith('commands:')).length"


async def packing(open_screen: Open, station: StandIn, *actions: Json) -> Screen:
    """A packer at an order of which one parcel is sealed."""
    station.view = views.pack(actions=[*(actions or (UNPACK,)), views.SIGN_OUT], devices=[])
    screen = await open_screen("pack", STATION)
    await screen.page.evaluate(WATCHED)
    return screen


async def asks_to_unpack(screen: Screen) -> None:
    await more(screen, "package-void")
    await screen.at("reason-tiles [data-key='wrong contents']").click()
    await screen.shows("key-pad h2", "Supervisor: scan your badge")


async def allows(screen: Screen, pin: str = PIN) -> None:
    """A supervisor comes, scans and keys."""
    await screen.scan("BADGE-EVE")
    await screen.shows("key-pad h2", "Supervisor: key your PIN")
    await keyed(screen, pin)


async def in_sight(page: Page) -> str:
    found: str = await page.evaluate(IN_SIGHT)
    return found


# --- a second person ---------------------------------------------------------------------------------------------


async def test_a_supervisor_is_asked_last_and_badge_and_pin_go_with_what_was_said(
    open_screen: Open, station: StandIn
) -> None:
    screen = await packing(open_screen, station)
    await asks_to_unpack(screen)
    await allows(screen)
    await screen.shows("answer-band", "That is recorded.")
    approval = {"badge": "BADGE-EVE", "pin": PIN}
    told = {"path": UNPACK["path"], "workplace": "pack", "reason": "wrong contents", "approval": approval}
    assert said(station) == [told]
    assert await screen.at("body").get_attribute("data-mode") == "work"


async def test_an_act_without_questions_of_its_own_asks_the_supervisor_alone(
    open_screen: Open, station: StandIn
) -> None:
    close = views.action("inbound-close", "Nothing more comes", approval=True, path="/v1/station/inbound/A/close")
    screen = await packing(open_screen, station, close)
    await screen.at("action-bar [data-key=inbound-close]").click()
    await allows(screen)
    await until(lambda: station.commands, "the closing")
    assert station.commands[0]["approval"] == {"badge": "BADGE-EVE", "pin": PIN}


async def test_what_is_sent_in_a_list_has_the_approval_beside_the_list(open_screen: Open, station: StandIn) -> None:
    act = {**UNPACK, "wrap": "rebins", "path": views.REBIN["path"], "do": "picks-rebin"}
    act |= {"member": "task_id", "body": {"rebin_id": "r", "qty": "1", "location_id": "A-01"}}
    screen = await packing(open_screen, station, act)
    await more(screen, "picks-rebin")
    await screen.at("reason-tiles [data-key='wrong contents']").click()
    await allows(screen)
    await until(lambda: station.commands, "the act")
    assert len(station.commands[0]["rebins"]) == 1
    assert station.commands[0]["approval"]["pin"] == PIN


async def test_badge_and_pin_are_typed_where_there_is_a_keyboard(open_screen: Open, station: StandIn) -> None:
    screen = await packing(open_screen, station)
    await asks_to_unpack(screen)
    for text in ("EVE", PIN):
        for key in [*text, "Enter"]:
            await screen.page.keyboard.press(key)
            await screen.page.wait_for_timeout(140)  # a person's pace is the fact under test
    await until(lambda: station.commands, "the act")
    assert station.commands[0]["approval"] == {"badge": "EVE", "pin": PIN}


async def test_where_the_station_reads_the_scanner_the_badge_is_keyed(open_screen: Open, station: StandIn) -> None:
    scanner = views.device("scanner", "scanner")
    station.view = views.pack(actions=[UNPACK, views.SIGN_OUT], devices=[scanner])
    screen = await open_screen("pack", STATION)
    await more(screen, "package-void")
    await screen.at("reason-tiles [data-key='wrong contents']").click()
    await screen.shows("key-pad h2", "Supervisor: key your badge here, do not scan it")
    await keyed(screen, "EVE")
    await screen.shows("key-pad h2", "Supervisor: key your PIN")


async def test_a_pin_has_four_digits_or_more_and_can_be_corrected(open_screen: Open, station: StandIn) -> None:
    screen = await packing(open_screen, station)
    await asks_to_unpack(screen)
    await screen.scan("BADGE-EVE")
    await press_keys(screen, "123")
    assert await screen.at("key-pad [data-key=ok]").is_disabled()
    await screen.at("key-pad [data-key=Backspace]").click()
    await press_keys(screen, "39")
    await screen.shows("key-pad .keyed", "••••")
    assert await screen.at("key-pad [data-key='.']").count() == 0
    await screen.at("key-pad [data-key=ok]").click()
    await until(lambda: station.commands, "the act")
    assert station.commands[0]["approval"]["pin"] == "1239"


async def test_the_pin_is_in_no_part_of_the_page_and_is_kept_nowhere(open_screen: Open, station: StandIn) -> None:
    screen = await packing(open_screen, station)
    await asks_to_unpack(screen)
    await screen.scan("BADGE-EVE")
    await screen.shows("key-pad h2", "Supervisor: key your PIN")
    for many in range(1, len(PIN) + 1):
        await press_keys(screen, PIN[many - 1])
        await screen.shows("key-pad .keyed", "•" * many)
        assert many < 4 or PIN[:many] not in await in_sight(screen.page)
    await screen.at("key-pad [data-key=ok]").click()
    await until(lambda: station.commands, "the act")
    await screen.shows("answer-band", "That is recorded.")
    assert PIN not in await in_sight(screen.page)
    assert await screen.at("key-pad *").count() == 0


async def test_leaving_at_the_pin_sends_nothing_and_the_next_supervisor_begins_with_no_digits(
    open_screen: Open, station: StandIn
) -> None:
    screen = await packing(open_screen, station)
    await asks_to_unpack(screen)
    await screen.scan("BADGE-EVE")
    await press_keys(screen, "7391")
    await screen.at("key-pad [data-key=back]").click()
    assert station.commands == []
    await asks_to_unpack(screen)
    await screen.scan("BADGE-SUE")
    assert "•" not in await screen.text("key-pad .keyed")


# --- what the station does not allow -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code"), [(401, "wrong_pin"), (403, "not_a_supervisor"), (423, "pin_locked"), (429, "pin_waits")]
)
async def test_what_is_not_allowed_is_said_once_and_the_work_goes_on(
    open_screen: Open, station: StandIn, status: int, code: str
) -> None:
    screen = await packing(open_screen, station)
    screen.network_may_fail = True
    station.refusal = (status, WRONG, code)
    await asks_to_unpack(screen)
    await allows(screen)
    await screen.shows("answer-band[data-meaning=refused]", WRONG)
    assert len(station.commands) == 1, "each wrong PIN counts, so none is sent twice"
    station.refusal = None
    await screen.scan("NW-011")
    await screen.shows("answer-band", "NW-011 counted.")
    await asks_to_unpack(screen)
    await allows(screen)
    await screen.shows("answer-band", "That is recorded.")


async def test_where_no_answer_comes_it_is_sent_once_and_never_again(open_screen: Open, station: StandIn) -> None:
    screen = await packing(open_screen, station)
    screen.network_may_fail = True
    station.lose_next_answers = 99
    await asks_to_unpack(screen)
    await allows(screen)
    await screen.shows("answer-band[data-meaning=refused]", "It is not sent again: look first, then begin again.")
    assert PIN not in await in_sight(screen.page)
    assert await screen.page.evaluate(UNSENT) == 0
    tried = len(station.commands)
    station.lose_next_answers = 0
    await screen.page.reload()
    await screen.at("body[data-connected='true']").wait_for()
    await screen.scan("NW-011")
    await screen.shows("answer-band", "NW-011 counted.")
    assert [each.get("code") for each in said(station)[tried:]] == ["NW-011"]
    assert len({each["command_id"] for each in station.commands[:tried]}) == 1


async def test_while_something_is_unsent_no_supervisor_is_asked_for_it(open_screen: Open, station: StandIn) -> None:
    screen = await packing(open_screen, station)
    screen.network_may_fail = True
    station.refusal = (503, "The store is busy.")
    await screen.scan("NW-011")
    await screen.shows("unsent-note", "Unsent: scan NW-011.")
    await asks_to_unpack(screen)
    await allows(screen)
    await screen.shows("answer-band[data-meaning=refused]", "Something here is still unsent")
    assert PIN not in await in_sight(screen.page)
    station.refusal = None
    await screen.shows("answer-band", "NW-011 counted.")
    assert not any("approval" in each for each in station.commands)


async def test_a_restarted_station_that_forgot_the_cookie_is_asked_with_a_new_one(
    open_screen: Open, station: StandIn
) -> None:
    screen = await packing(open_screen, station)
    screen.network_may_fail = True
    await asks_to_unpack(screen)
    station.forget_keys()
    await allows(screen)
    await screen.shows("answer-band", "That is recorded.")
    assert len(station.commands) == 1


# --- a scan answers a question -----------------------------------------------------------------------------------


async def test_a_badge_that_is_read_twice_signs_nobody_in(open_screen: Open, station: StandIn) -> None:
    screen = await packing(open_screen, station)
    await asks_to_unpack(screen)
    await screen.scan("BADGE-EVE", "BADGE-EVE")
    await screen.shows("answer-band[data-meaning=refused]", "A PIN is keyed, never scanned.")
    await keyed(screen, PIN)
    await screen.shows("answer-band", "That is recorded.")
    assert [each.get("code") for each in station.commands] == [None]


async def test_a_pin_that_is_typed_as_fast_as_a_scanner_types_is_no_scan(open_screen: Open, station: StandIn) -> None:
    screen = await packing(open_screen, station)
    await asks_to_unpack(screen)
    await screen.scan("BADGE-EVE")
    await screen.scan(PIN)
    await screen.shows("answer-band[data-meaning=refused]", "A PIN is keyed, never scanned.")
    assert station.commands == []
    assert PIN not in await in_sight(screen.page)


async def test_a_location_that_is_asked_for_is_answered_by_a_scan(open_screen: Open, station: StandIn) -> None:
    station.view = views.pick(actions=[views.SHORT, views.REBIN, views.SIGN_OUT])
    screen = await open_screen()
    await more(screen, "picks-rebin")
    await screen.at("reason-tiles .tile").first.click()
    await keyed(screen, "2")
    await screen.shows("key-pad h2", "To which location?")
    await screen.scan("B-02-1")
    await until(lambda: station.commands, "the goods going back")
    assert station.commands[0]["rebins"] == [
        {"rebin_id": "screen", "task_id": "task_1", "qty": "2", "location_id": "B-02-1"}
    ]


async def test_a_label_that_is_asked_for_keeps_the_identifier_it_can_be_read_with(
    open_screen: Open, station: StandIn
) -> None:
    screen = await packing(open_screen, station, UNLOAD)
    await more(screen, "parcel-unload")
    await screen.at("reason-tiles [data-key=damaged]").click()
    await screen.scan("]C100306141410000000012")
    await until(lambda: station.commands, "the parcel")
    assert station.commands[0]["parcel"] == "]C100306141410000000012"


async def test_at_the_first_keys_of_an_act_a_scan_stays_a_scan(open_screen: Open, station: StandIn) -> None:
    screen = await packing(open_screen, station, views.KEY_SERIAL)
    await screen.at("action-bar [data-key=set-serial]").click()
    await screen.shows("key-pad h2", "Serial number")
    await screen.scan("NW-011")
    await screen.shows("answer-band", "NW-011 counted.")
    assert [each.get("command") for each in station.commands] == ["scan"]
    assert await screen.at("key-pad *").count() == 0


async def test_at_a_number_a_scan_stays_a_scan(open_screen: Open, station: StandIn) -> None:
    station.view = views.pick(actions=[views.SHORT, views.REBIN, views.SIGN_OUT])
    screen = await open_screen()
    await more(screen, "picks-rebin")
    await screen.at("reason-tiles .tile").first.click()
    await screen.shows("key-pad h2", "How many?")
    await screen.scan("NW-011")
    await screen.shows("answer-band", "NW-011 counted.")
    assert [each.get("command") for each in station.commands] == ["scan"]
