"""A supervisor links a code that nobody knows to a product; it counts from then on, until the link is taken away."""

from __future__ import annotations

from decimal import Decimal

import pytest

from local_store import journal
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.site import Lane
from local_store.domain.words import Tone
from tests.support.floor import ANA, EVE, Bench, line, new_id, product
from tests.support.gs1_codes import GTIN

CASE = "19521234543210"


@pytest.fixture
def shelf(picking: Bench) -> Bench:
    """Ana stands at A-1: two SKU-1 and six SKU-2 are wanted."""
    picking.scan("A-1")
    return picking


def link(
    bench: Bench, code: str, sku: str = "SKU-2", multiplier: int = 1, badge: str = EVE.badge, aim: str = ""
) -> None:
    bench.do(
        c.LinkCode(command_id=new_id(), code=code, symbology=aim or None, sku=sku, multiplier=multiplier, badge=badge)
    )


def unlink(bench: Bench, code: str, badge: str = EVE.badge) -> None:
    bench.do(c.UnlinkCode(command_id=new_id(), code=code, badge=badge))


def test_an_unknown_code_says_that_a_supervisor_can_link_it(shelf: Bench) -> None:
    shelf.scan("NEW-CODE")
    assert shelf.screen.text.endswith("or ask a supervisor to link the code.")


def test_a_linked_code_counts_as_so_many_of_the_product(shelf: Bench) -> None:
    link(shelf, "NEW-CODE", multiplier=3)
    assert shelf.screen.text == "NEW-CODE counts as 3 of Chang (SKU-2) from now on."
    shelf.scan("SKU-1", "SKU-1", "NEW-CODE")
    assert shelf.screen.text == "Chang (SKU-2): 3 of 6."
    (fact,) = shelf.facts(e.CodeLinked)
    assert (fact.code, fact.key, fact.sku, fact.multiplier) == ("NEW-CODE", "NEW-CODE", "SKU-2", 3)


def test_the_fact_names_the_supervisor_and_the_identifier_and_waits_for_an_hq_that_takes_it(shelf: Bench) -> None:
    shelf.restart(lanes=(Lane("main", frozenset({"code.linked"})), Lane("other", frozenset())))
    link(shelf, "NEW-CODE", aim="]A0")
    (told,) = [each for each in journal.read(shelf.store.reader) if isinstance(each.fact, e.CodeLinked)]
    assert isinstance(told.fact, e.CodeLinked)
    assert (told.actor, told.fact.symbology, told.fact.entity) == ("eve", "]A0", "product:SKU-2")
    states = shelf.query("SELECT lane, state FROM outbox WHERE seq = ? ORDER BY lane", told.seq)
    assert states == [("main", "pending"), ("other", "not_deliverable")]


def test_a_gs1_code_is_linked_by_its_gtin_so_that_every_lot_of_it_counts(shelf: Bench) -> None:
    link(shelf, f"01{CASE}10LOT721SN9", multiplier=6, aim="]C1")
    assert shelf.facts(e.CodeLinked)[0].key == CASE
    shelf.scan("SKU-1", "SKU-1")
    shelf.scan(f"01{CASE}10ANOTHER", symbology="]C1")
    assert shelf.task("SKU-2").picked == Decimal(6)


def test_a_case_whose_item_is_known_becomes_countable_by_a_link(shelf: Bench) -> None:
    shelf.given_products(product("SKU-2", GTIN, name="Chang"))
    shelf.scan(CASE)
    assert shelf.screen.code == "scan.unknown_case"
    link(shelf, CASE, multiplier=6)
    shelf.scan("SKU-1", "SKU-1", CASE)
    assert shelf.task("SKU-2").picked == Decimal(6)


def test_only_a_supervisors_badge_links_and_unlinks(shelf: Bench) -> None:
    for act in (link, unlink):
        act(shelf, "NEW-CODE", badge=ANA.badge)
        assert shelf.screen.text == "Ana may not link codes. Ask a supervisor."
        act(shelf, "NEW-CODE", badge="BADGE-404")
        assert shelf.screen.text == "This badge is not known here. A supervisor scans theirs to link a code."
    assert shelf.query("SELECT * FROM linked_code") == []


@pytest.mark.parametrize(
    ("code", "sku", "text"),
    [
        ("NEW-CODE", "SKU-404", "There is no product SKU-404 here. Look its number up in the list."),
        ("2900000000018", "SKU-2", "2900000000018 is Chai (SKU-1) already. Nothing was changed."),
        ("A-1", "SKU-2", "A-1 is location A-1 already. Nothing was changed."),
        ("PL-7", "SKU-2", "PL-7 is picklist PL-7 already. Nothing was changed."),
        (ANA.badge, "SKU-2", "This is a badge, and no code of a product."),
    ],
)
def test_what_means_something_already_is_not_linked(shelf: Bench, code: str, sku: str, text: str) -> None:
    link(shelf, code, sku)
    assert (shelf.screen.tone, shelf.screen.text) == (Tone.REFUSED, text)
    assert shelf.facts(e.CodeLinked) == []


def test_a_code_that_is_unclear_is_not_linked(shelf: Bench) -> None:
    link(shelf, "29000000000182900000000018")
    assert shelf.screen.code == "scan.two_codes"
    assert shelf.facts(e.CodeLinked) == []


def test_a_code_linked_again_is_noted_or_must_be_taken_away_first(shelf: Bench) -> None:
    link(shelf, "NEW-CODE", multiplier=3)
    link(shelf, "NEW-CODE", multiplier=3)
    assert shelf.screen.text == "NEW-CODE counts as 3 of Chang (SKU-2) already."
    link(shelf, "NEW-CODE", "SKU-1")
    assert shelf.screen.text == "NEW-CODE is linked to 3 of Chang (SKU-2) already. Take that link away first."
    assert len(shelf.facts(e.CodeLinked)) == 1


def test_a_link_is_taken_away_and_the_code_is_unknown_again(shelf: Bench) -> None:
    link(shelf, "NEW-CODE", multiplier=3)
    unlink(shelf, "NEW-CODE")
    assert shelf.screen.text == "NEW-CODE counts as nothing any more. It was 3 of Chang (SKU-2)."
    shelf.scan("NEW-CODE")
    assert shelf.screen.code == "scan.unknown"
    unlink(shelf, "NEW-CODE")
    assert shelf.screen.text == "NEW-CODE was not linked here, so there is no link to take away."
    assert len(shelf.facts(e.CodeUnlinked)) == 1


def test_hqs_own_codes_are_not_touched_by_links_nor_links_by_hq(shelf: Bench) -> None:
    link(shelf, "NEW-CODE", multiplier=3)
    shelf.given_products(product("SKU-2", "2900000000025", "NEW-CODE*4", name="Chang"))  # HQ knows it now, as four
    shelf.scan("SKU-1", "SKU-1", "NEW-CODE")
    assert shelf.task("SKU-2").picked == Decimal(4)
    unlink(shelf, "NEW-CODE")
    assert shelf.query("SELECT multiplier FROM code WHERE key = 'NEW-CODE'") == [(4,)]
    link(shelf, "OTHER-CODE")
    shelf.given_products(product("SKU-2", "2900000000025", name="Chang tea"))
    shelf.scan("OTHER-CODE")
    assert shelf.task("SKU-2").picked == Decimal(5)


def test_links_follow_from_the_journal_alone_and_outlast_a_restart(shelf: Bench) -> None:
    link(shelf, "NEW-CODE", multiplier=3)
    link(shelf, f"01{CASE}10LOT7", multiplier=6, aim="]C1")
    link(shelf, "GONE")
    unlink(shelf, "GONE")
    shelf.restart()
    before = shelf.dump()
    assert shelf.rebuilt_dump() == before
    assert [row for row in before if row.startswith("linked_code")] == [
        f"linked_code: ('{CASE}', '01{CASE}10LOT7', 'SKU-2', 6)",
        "linked_code: ('NEW-CODE', 'NEW-CODE', 'SKU-2', 3)",
    ]


def test_a_linked_code_opens_no_other_line_than_its_products(shelf: Bench) -> None:
    shelf.given_picklist("PL-8", line("SKU-9", 1))
    link(shelf, "NEW-CODE", "SKU-9")
    shelf.scan("NEW-CODE")
    assert shelf.screen.text == "Tofu (SKU-9) is not on PL-7. Put it back and scan Chai (SKU-1)."
