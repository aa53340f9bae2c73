"""What is promised about every answer: it is kept, it comes again as it was, and each sentence is in use."""

from __future__ import annotations

import ast
import re
from decimal import Decimal

import pytest

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain import words
from local_store.transaction import CommandReused
from tests.support.floor import Bench, new_id
from tests.support.needs import ROOT


def test_a_repeated_command_gets_its_first_answer_and_does_nothing_more(picking: Bench) -> None:
    scan = c.Scan(command_id=new_id(), workplace="pick-1", code="A-1")
    first = picking.do(scan)
    picking.scan("SKU-1")
    before = picking.dump()
    again = picking.do(scan)
    assert (again.answer, again.first_seq, again.last_seq) == (first.answer, first.first_seq, first.last_seq)
    assert (first.repeated, again.repeated) == (False, True)
    assert picking.dump() == before


def test_a_repeat_after_a_restart_gets_its_first_answer_too(picking: Bench) -> None:
    count = c.Scan(command_id=new_id(), workplace="pick-1", code="SKU-1")
    picking.scan("A-1")
    first = picking.do(count)
    picking.restart()
    assert picking.do(count).answer == first.answer
    assert picking.task("SKU-1").picked == 1


@pytest.mark.parametrize(
    "other",
    [
        {"code": "SKU-2"},
        {"workplace": "pick-2"},
        {"symbology": "]E0"},
    ],
)
def test_the_same_id_with_other_contents_is_refused_and_does_nothing(picking: Bench, other: dict[str, str]) -> None:
    picking.scan("A-1")
    count = c.Scan(command_id=new_id(), workplace="pick-1", code="SKU-1")
    picking.do(count)
    before = picking.dump()
    with pytest.raises(CommandReused, match=f"command {count.command_id} was already answered for other contents"):
        picking.do(count.model_copy(update=other))
    with pytest.raises(CommandReused):
        picking.do(c.SignOut(command_id=count.command_id, workplace="pick-1"))
    assert picking.dump() == before


def test_a_repeated_weighing_gets_its_first_answer_whatever_the_scale_says_now(packing: Bench) -> None:
    packing.scan("SKU-1", "SKU-1", "SKU-2")
    weighing = c.Weigh(
        command_id=new_id(),
        workplace="pack-1",
        weight_mg=300_000,
        stability="stable",
        range="ok",
        newer_than_request=True,
        emptied=True,
    )
    first = packing.do(weighing)
    assert packing.do(weighing.model_copy(update={"weight_mg": 1})).answer == first.answer
    assert packing.pack_work("O-1").weight_mg == 300_000


def test_a_refusal_leaves_a_receipt(picking: Bench) -> None:
    refused = picking.key(1)
    assert refused.refused
    assert refused.first_seq is None
    row = picking.query("SELECT status, first_seq FROM receipt WHERE command_id = ?", refused.command_id.bytes)
    assert row == [("refused", None)]


def test_a_refused_scan_leaves_a_receipt_that_names_its_fact(picking: Bench) -> None:
    refused = picking.scan("GARBAGE")
    assert picking.query("SELECT kind FROM journal WHERE seq = ?", refused.first_seq) == [("scan.refused",)]


def test_all_facts_of_a_command_name_it(packing: Bench) -> None:
    packing.scan("SKU-1", "SKU-1", "SKU-2")
    packing.weigh(300)
    sealed = packing.seal()
    kinds = packing.query("SELECT kind FROM journal WHERE command_id = ? ORDER BY seq", sealed.command_id.bytes)
    assert [kind for (kind,) in kinds] == [
        "package.packed", "package.sealed", "shipment.requested", "label.requested",
    ]  # fmt: skip


def test_products_that_come_again_unchanged_are_not_recorded_again(picking: Bench) -> None:
    (first, *_) = picking.facts(e.ProductReceived)
    many = len(picking.facts(e.ProductReceived))
    picking.given_products(first)
    assert len(picking.facts(e.ProductReceived)) == many
    picking.given_products(first.model_copy(update={"name": "Green Chai"}))
    picking.scan("A-1")
    assert picking.screen.text == "A-1 is right. Scan Green Chai (SKU-1)."


def test_names_and_addresses_are_beside_the_journal_never_in_it(picking: Bench) -> None:
    assert picking.query("SELECT name, address FROM party") == [("Zoë Müller", '{"city": "Łódź"}')]
    assert picking.query("SELECT count(*) FROM journal WHERE body LIKE '%Müller%' OR body LIKE '%Łódź%'") == [(0,)]


@pytest.mark.parametrize("quantity", ["NaN", "Infinity", "1e20", "0.0001"])
def test_a_quantity_that_is_no_number_never_reaches_the_store(quantity: str) -> None:
    with pytest.raises(ValueError, match="quantity"):
        c.KeyQuantity(command_id=new_id(), workplace="pick-1", quantity=Decimal(quantity))


def test_a_weight_beyond_any_scale_never_reaches_the_store() -> None:
    with pytest.raises(ValueError, match="weight_mg"):
        c.Weigh(command_id=new_id(), workplace="pack-1", weight_mg=2**63)


def test_every_sentence_of_the_floor_is_in_use() -> None:
    said = _strings_in("local_store", "agent")
    assert {code for code in words.CODES if code not in said} == set()


def test_every_sentence_the_store_says_is_read_by_a_test() -> None:
    said, read = _strings_in("local_store"), _strings_in("tests")
    unread = {
        code
        for code in words.CODES & said - read
        if not any(re.fullmatch(_pattern(words._SENTENCES[code][1]), each) for each in read)
    }
    assert unread == set()


def test_every_refusal_says_what_is_wrong_and_what_to_do() -> None:
    for code, (tone, sentence) in words._SENTENCES.items():
        assert sentence.endswith("."), code
        if tone in {words.Tone.REFUSED, words.Tone.ASK}:
            assert re.search(r"[.;,:?!] | before ", sentence), code


def _strings_in(*folders: str) -> set[str]:
    """Every string that stands in the code of some folders, but not in `words`."""
    files = (
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if "words" not in path.relative_to(ROOT).parts
    )
    nodes = (node for path in files for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    return {text for node in nodes if (text := _text_of(node)) is not None}


def _text_of(node: ast.AST) -> str | None:
    """A string as it stands, or an f-string with something in its blanks."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text_of(part) or "…" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _pattern(sentence: str) -> str:
    """Matches a sentence whose blanks are filled in."""
    return ".+".join(re.escape(part) for part in re.split(r"\{\w+\}", sentence))
