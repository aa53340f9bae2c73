"""Who may work where: badges, roles, and work that changes hands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from local_store import attempts
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.words import Tone
from tests.support.floor import ANA, BEN, EVE, Bench, line, new_id


def test_a_badge_signs_in(bench: Bench) -> None:
    bench.scan(ANA.badge)
    assert bench.screen.text == "Hello Ana."
    assert bench.place.worker_id == "ana"


def test_the_same_badge_again_is_only_noted(bench: Bench) -> None:
    bench.scan(ANA.badge, f"  {ANA.badge}\r\n")
    assert (bench.screen.tone, bench.screen.text) == (Tone.NOTE, "Ana is signed in here already.")


def test_nothing_is_done_before_somebody_signs_in(bench: Bench) -> None:
    bench.given_picklist("PL-7", line("SKU-1", 1))
    bench.each_says(
        "Nobody is signed in here. Scan your badge first.",
        lambda: bench.scan("PL-7"), lambda: bench.open("PL-7"), bench.sign_out, bench.complete,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("pick-1", "Eve may not pick. Ask a supervisor for the role picker."),
        ("pack-1", "Eve may not pack. Ask a supervisor for the role packer."),
    ],
)
def test_a_badge_without_the_role_is_refused(open_bench: Callable[[str], Bench], at: str, text: str) -> None:
    bench = open_bench(at)
    bench.scan(EVE.badge)
    assert bench.screen.text == text


def test_a_refused_badge_is_in_no_fact(bench: Bench) -> None:
    bench.scan(EVE.badge)
    assert bench.facts(e.ScanRefused) == []
    assert bench.query("SELECT count(*) FROM journal WHERE body LIKE '%BADGE%'") == [(0,)]


def test_the_next_worker_takes_an_idle_workplace_over(bench: Bench) -> None:
    bench.scan(ANA.badge, BEN.badge)
    assert bench.place.worker_id == "ben"


def test_nobody_takes_over_while_work_is_open(picking: Bench) -> None:
    picking.scan(BEN.badge)
    assert picking.screen.text == "Ana has work open here. Finish it or sign Ana out first."
    assert picking.place.worker_id == "ana"


def test_signed_out_work_stays_and_the_next_badge_goes_on_with_it(picking: Bench) -> None:
    picking.scan("A-1", "SKU-1")
    picking.sign_out()
    assert picking.screen.text == "Ana is signed out. What is open here stays open for the next badge."
    picking.scan(BEN.badge, "SKU-1")
    assert picking.screen.text == "Chai (SKU-1): 2 of 2. Line done."


def test_signing_out_of_an_idle_workplace_is_said(bench: Bench) -> None:
    bench.signed_in().sign_out()
    assert bench.screen.text == "Ana is signed out."
    assert bench.place.worker_id is None


def test_every_fact_names_who_did_it(picking: Bench) -> None:
    picking.scan("A-1", "SKU-1")
    picking.sign_out()
    picking.scan(BEN.badge, "SKU-1")
    assert picking.query("SELECT actor FROM journal WHERE kind = 'pick.counted' ORDER BY seq") == [("ana",), ("ben",)]
    assert picking.query("SELECT actor FROM journal WHERE kind = 'worker.signed_in' ORDER BY seq") == [
        ("ana",), ("ben",),
    ]  # fmt: skip


def test_somebody_signed_in_stays_signed_in_over_a_restart(picking: Bench) -> None:
    picking.restart()
    picking.scan("A-1")
    assert picking.screen.code == "pick.at"


def test_work_of_somebody_who_left_the_firm_goes_to_the_next_badge(picking: Bench) -> None:
    picking.restart(workers={"ben": BEN})
    picking.scan("A-1")
    assert picking.screen.code == "worker.none"
    picking.scan(BEN.badge, "A-1")
    assert picking.screen.code == "pick.at"


def test_a_new_badge_for_the_same_person_works_after_a_restart(picking: Bench) -> None:
    picking.restart(workers={"ana": replace(ANA, badge="BADGE-NEW")})
    picking.scan("BADGE-NEW")
    assert picking.screen.code == "worker.already"


# Commands of people: who acts, and who allowed it.


def test_a_command_is_of_who_is_signed_in_at_its_workplace_and_for_their_roles(bench: Bench) -> None:
    unlock = {"person": "ben", "workplace": "pick-1"}
    assert bench.do(c.UnlockPin(command_id=new_id(), **unlock)).answer.code == "worker.none"
    bench.signed_in()
    bench.do(c.UnlockPin(command_id=new_id(), **unlock))
    assert bench.screen.text == "Ana may not do this: it is for admin or supervisor. Ask a supervisor."
    bench.do(c.UnlockPin(command_id=new_id(), person="ben", worker_id="eve"))
    assert bench.screen.text == "Ben can try their PIN already."


@pytest.mark.parametrize(("second", "name"), [("ben", "Ben"), ("eve", "Eve"), ("nobody", "nobody")])
def test_who_allows_something_is_another_person_who_is_a_supervisor(bench: Bench, second: str, name: str) -> None:
    bench.do(c.UnlockPin(command_id=new_id(), person="ben", worker_id="eve", approved_by=second))
    assert bench.screen.text == (
        f"{name} cannot allow this. Another person who is a supervisor here scans their badge."
    )


def test_a_device_is_known_after_a_rebuild_as_before(bench: Bench) -> None:
    for firmware in ("1", "2"):
        told = {"device_id": "tc-1", "device_kind": "handheld", "firmware": firmware, "worker_id": "ana"}
        bench.do(c.RegisterDevice.model_validate({"command_id": new_id(), **told}))
    assert bench.screen.text == "tc-1 is known here now."
    assert bench.query("SELECT firmware FROM known_device") == [("2",)]
    assert bench.query("SELECT count(*) FROM device_act") == [(2,)]
    assert bench.dump() == bench.rebuilt_dump()


def test_a_rebuild_gives_nobody_back_the_pins_they_tried(bench: Bench) -> None:
    bench.runner.run(bench.store.run(lambda tx: attempts.begin(tx, "ben", "boot-1") and None))
    bench.do(c.UnlockPin(command_id=new_id(), person="ben", worker_id="eve"))
    assert bench.screen.text == "Ben can try their PIN again."
    assert bench.facts(e.PinUnlocked)[0].worker_id == "ben"
    bench.runner.run(bench.store.run(lambda tx: attempts.begin(tx, "ben", "boot-1") and None))
    bench.rebuilt_dump()
    assert bench.query("SELECT worker_id, failures FROM pin_attempt") == [("ben", 1)]
