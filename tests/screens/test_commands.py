"""What a worker does reaches the station once, whatever happens on the way, and stays in sight until answered."""

from __future__ import annotations

import pytest

from tests.screens import views
from tests.screens.conftest import STATION, Open, until
from tests.screens.stand_in import StandIn

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_scan_made_while_the_station_is_away_is_sent_with_the_same_id_when_it_is_back(
    open_screen: Open, station: StandIn
) -> None:
    screen = await open_screen()
    screen.network_may_fail = True
    station.lose_next_answers = 99
    await screen.scan("NW-011")
    await until(lambda: station.commands, "the first send")
    await station.stop()
    station.lose_next_answers = 0
    await screen.scan("NW-042")
    await screen.shows("unsent-note", "Unsent: scan NW-011 and 1 more.")
    await station.start()
    await screen.shows("answer-band", "NW-042 counted.")
    sent = [(each["code"], each["command_id"]) for each in station.commands]
    assert [code for code, _ in dict.fromkeys(sent)] == ["NW-011", "NW-042"]
    assert len(sent) >= 3
    assert await screen.text("unsent-note") == ""


async def test_an_unsent_scan_survives_loading_the_page_again(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    screen.network_may_fail = True
    station.refusal = (503, "The store is busy.")
    await screen.scan("NW-011")
    await screen.shows("unsent-note", "Unsent: scan NW-011.")
    await screen.page.reload()
    await screen.shows("unsent-note", "Unsent: scan NW-011.")
    station.refusal = None
    await screen.shows("answer-band", "NW-011 counted.")
    assert len({each["command_id"] for each in station.commands}) == 1


async def test_a_restarted_station_that_forgot_the_cookie_gets_the_scan_with_a_new_one(
    open_screen: Open, station: StandIn
) -> None:
    screen = await open_screen()
    screen.network_may_fail = True
    station.forget_keys()
    await screen.scan("NW-011")
    await screen.shows("answer-band", "NW-011 counted.")


async def test_a_refusal_at_the_door_is_shown_as_its_sentence_and_not_repeated(
    open_screen: Open, station: StandIn
) -> None:
    screen = await open_screen()
    screen.network_may_fail = True
    station.refusal = (422, "scan: code: is longer than 4096 characters.")
    await screen.scan("NW-011")
    await screen.shows("answer-band[data-meaning=refused]", "is longer than 4096 characters.")
    station.refusal = None
    await screen.scan("NW-042")
    await screen.shows("answer-band", "NW-042 counted.")
    assert [each["code"] for each in station.commands] == ["NW-011", "NW-042"]


async def test_short_asks_for_its_reason_in_the_page_and_sends_it(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    await screen.at("[data-key=short]").click()
    await screen.at("reason-tiles [data-key=damaged]").click()
    await station.until_answered()
    assert await screen.at("dialog, [role=dialog]").count() == 0
    assert [(each["command"], each["reason"]) for each in station.commands] == [("short", "damaged")]
    await screen.at("[data-key=short]").wait_for()


async def test_a_scan_made_while_the_reasons_are_open_counts_and_closes_them(
    open_screen: Open, station: StandIn
) -> None:
    screen = await open_screen()
    await screen.at("[data-key=short]").click()
    await screen.scan("NW-011")
    await screen.shows("answer-band", "NW-011 counted.")
    assert await screen.at("reason-tiles button").count() == 0


async def test_the_box_to_take_stands_beside_the_order(open_screen: Open, station: StandIn) -> None:
    box = {"carton_id": "BOX-S", "name": "Small box", "note": "It goes by weight alone."}
    station.view = views.pack(parcel={**views.PARCEL, "carton": box})
    screen = await open_screen("pack")
    await screen.shows("parcel-panel header", "Take box Small box.")
    await screen.shows("parcel-panel header", "It goes by weight alone.")


async def test_where_no_box_can_be_named_the_reason_stands_there(open_screen: Open, station: StandIn) -> None:
    none = {"carton_id": None, "name": "", "note": "No box holds all of it."}
    station.view = views.pack(parcel={**views.PARCEL, "carton": none})
    screen = await open_screen("pack")
    await screen.shows("parcel-panel header", "No box holds all of it.")
    assert "Take box" not in await screen.text("parcel-panel header")


async def test_a_quantity_is_keyed_on_the_screen(open_screen: Open, station: StandIn) -> None:
    screen = await open_screen()
    await screen.at("button.amount").click()
    for digit in "12":
        await screen.at(f"key-pad [data-key='{digit}']").click()
    assert "12" in await screen.text("key-pad .keyed")
    await screen.at("key-pad [data-key=ok]").click()
    await station.until_answered()
    assert station.commands[0]["quantity"] == "12"


async def test_a_quantity_is_keyed_on_the_keyboard_and_no_field_has_the_focus(
    open_screen: Open, station: StandIn
) -> None:
    screen = await open_screen()
    for key in ("1", "3", "Backspace", "2"):
        await screen.page.keyboard.press(key)
        await screen.page.wait_for_timeout(90)  # a person's pace is the fact under test
    await screen.shows("key-pad .keyed", "12")
    assert await screen.page.evaluate("document.activeElement === document.body")
    await screen.page.keyboard.press("Enter")
    await station.until_answered()
    assert station.commands[0]["command"] == "quantity"
    assert station.commands[0]["quantity"] == "12"


async def test_an_uncertain_label_asks_its_three_questions_and_sends_the_decision(
    open_screen: Open, station: StandIn
) -> None:
    station.view = views.pack(labels=[views.UNCERTAIN])
    screen = await open_screen("pack", STATION)
    assert await screen.at("label-jobs button").all_inner_texts() == [
        "It came out: scan it",
        "It did not",
        "It is damaged",
    ]
    await screen.at("label-jobs button").nth(1).click()
    await station.until_answered()
    sent = station.commands[0]
    assert (sent["command"], sent["job_id"], sent["decision"]) == ("label-decision", "job_3", "did_not")


async def test_a_label_is_printed_again_with_a_reason_and_stays_open_while_the_label_allows_it(
    open_screen: Open, station: StandIn
) -> None:
    station.view = views.pack(labels=[views.label("confirmed", "Printed on printer, which counted it.")])
    screen = await open_screen("pack", STATION)
    await screen.at("label-jobs summary").click()
    await screen.at("label-jobs button").nth(0).click()
    await screen.shows("reason-tiles", "Print again")
    await screen.at("reason-tiles .tile").click()
    await station.until_answered()
    sent = station.commands[0]
    assert (sent["command"], sent["job_id"], sent["reason"]) == ("label-reprint", "job_3", "damaged on the box")


@pytest.mark.parametrize(
    ("state", "word"),
    [("expired", "waited too long"), ("failed_clean", "did not come out"), ("voided", "void"), ("sent", "not yet")],
)
async def test_every_state_of_a_label_has_its_words(
    open_screen: Open, station: StandIn, state: str, word: str
) -> None:
    station.view = views.pack(labels=[views.label(state, "Why.", asks=state in {"expired", "failed_clean"})])
    screen = await open_screen("pack", STATION)
    await screen.shows("label-jobs .title", word)


async def test_a_list_is_opened_by_its_tile_and_signing_out_is_one_touch(open_screen: Open, station: StandIn) -> None:
    station.view = views.pick(
        views.doing("choose", "Choose a list"), **{**views.EMPTY_HANDS, "choices": views.CHOICES}
    )
    screen = await open_screen()
    await screen.at("choice-list [data-key=PICK-13]").click()
    await screen.at(".sign-out").click()
    await until(lambda: len(station.answers) == 2, "two answers")
    assert [(each["command"], each.get("id")) for each in station.commands] == [
        ("open", "PICK-13"),
        ("sign-out", None),
    ]


async def test_a_weight_that_is_not_known_is_never_a_figure(open_screen: Open, station: StandIn) -> None:
    station.view = views.pack()
    screen = await open_screen("pack", STATION)
    await station.put_weight(views.weight("stable", "12.340 kg"))
    await screen.shows("live-weight .reading", "12.340 kg")
    await station.put_weight(views.weight("away", "12.340 kg", "No weight comes from the scale."))
    await screen.shows("live-weight .reading", "No weight")
    assert "12.340" not in await screen.text("live-weight .reading")
    await screen.shows("live-weight", "No weight comes from the scale.")


async def test_the_buttons_are_mirrored_for_the_left_hand_and_stay_so(open_screen: Open, station: StandIn) -> None:
    station.view = views.pick(views.doing("sign_in", "Scan your badge"), worker=None, **views.EMPTY_HANDS)
    screen = await open_screen()
    await screen.at("[data-key='hand left']").click()
    await screen.page.reload()
    await station.show(views.pick())
    short, skip = screen.at("[data-key=short]"), screen.at("[data-key=skip]")
    await short.wait_for()
    left, right = await skip.bounding_box(), await short.bounding_box()
    assert left is not None
    assert right is not None
    assert left["x"] < right["x"]
