"""What is promised about languages: all is said in the language of whoever acts, and none lacks a sentence."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from string import Formatter
from types import ModuleType
from typing import Literal, get_args

import pytest

from config.model import Language
from local_store import reviewing
from local_store.domain import asking, deciding, gs1, states, words
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.codes import Thing
from local_store.domain.conflicts import Stage, Step
from local_store.domain.printing import Job
from local_store.domain.returns import Return
from local_store.domain.returns_desk import DISPOSITIONS
from local_store.domain.site import ROLES, Site
from local_store.domain.words import reasons
from tests.support.floor import ANA, BEN, EVE, Bench, new_id
from tests.support.needs import ROOT

LISTED = {"{first}, {rest}", "{others} or {last}"}


def _acts(command: type[c.FloorCommand]) -> Iterator[str]:
    """What may be refused because the workplace is for other work."""
    for kind in command.__subclasses__():
        if kind.needs:
            yield kind.kind
        yield from _acts(kind)


FULL_STOPS = {"zh": "。"}
"""What ends a sentence, in the languages that do not end it as English does."""
VOCABULARY = {
    *ROLES,
    *get_args(Thing),
    *states.PRIORITIES,
    *(state.value for enum in (Job, Stage, Step) for state in enum),
    *(name for _, name in gs1._WITH_CHECK_DIGIT.values()),
    *reasons.PICK_SHORT,
    *reasons.PACK_SHORT,
    *DISPOSITIONS,
    *("lot", "expiry", "serial", "weight", "condition"),
    *(f"{work} (work)" for work in deciding.ROLE_FOR),
    *(f"{act} (act)" for act in _acts(c.FloorCommand)),
    *(f"{condition} (condition)" for condition in ("good", "damaged")),
    *(f"{state.value.replace('_', ' ')} (picklist)" for state in states.Picklist),
    *(f"{state.value} (return)" for state in Return),
}
"""What `word` says: sets of words of ours that no code spells out."""


@pytest.fixture(params=[language for language in words.LANGUAGES if language != "en"])
def language(request: pytest.FixtureRequest) -> ModuleType:
    """The sentences of a language."""
    return import_module(f"local_store.domain.words.languages.{request.param}")


def test_the_settings_know_the_languages_of_the_floor() -> None:
    assert get_args(Language) == words.LANGUAGES


def test_every_language_has_every_sentence_and_no_other(language: ModuleType) -> None:
    assert set(language.SENTENCES) == words.CODES


def test_every_sentence_has_the_blanks_of_the_english_one(language: ModuleType) -> None:
    full_stop = FULL_STOPS.get(language.__name__.rpartition(".")[2], ".")
    for code, sentence in language.SENTENCES.items():
        assert _blanks(sentence) == _blanks(words._SENTENCES[code][1]), code
        assert sentence.endswith(full_stop), code


def test_every_language_has_every_phrase_and_no_other(language: ModuleType) -> None:
    assert set(language.PHRASES) == {*LISTED, *VOCABULARY, *_phrases()}


def test_every_phrase_has_the_blanks_of_the_english_one(language: ModuleType) -> None:
    for english, said in language.PHRASES.items():
        assert _blanks(said) == _blanks(english), english


def test_a_picker_is_refused_in_their_language(picking: Bench) -> None:
    _speak(picking, ana="de")
    assert picking.key(1).answer.text == "Scannen Sie den Platz A-1 vor dem Artikel."
    picking.scan("A-1")
    assert picking.scan("GARBAGE").answer.text == (
        "GARBAGE ist hier nicht bekannt. Prüfen Sie das Etikett und scannen Sie Chai (SKU-1), oder bitten Sie "
        "die Schichtleitung, den Code zuzuordnen."
    )


def test_phrases_inside_a_sentence_are_said_in_the_language_too(picking: Bench) -> None:
    _speak(picking, ana="de")
    picking.scan("A-1")
    short = c.MarkShort(command_id=new_id(), workplace="pick-1", reason="location empty")
    assert "(Platz leer)" in picking.do(short).answer.text


def test_a_repeat_says_the_same_whatever_is_spoken_now(picking: Bench) -> None:
    _speak(picking, ana="de")
    scan = c.Scan(command_id=new_id(), workplace="pick-1", code="A-1")
    first = picking.do(scan)
    assert first.answer.text == "A-1 ist richtig. Scannen Sie Chai (SKU-1)."
    _speak(picking, ana="en")
    again = picking.do(scan)
    assert (again.repeated, again.answer) == (True, first.answer)


def test_who_scans_a_badge_is_answered_in_their_own_language(bench: Bench) -> None:
    _speak(bench, ana="de")
    assert bench.scan("BADGE-ANA").answer.text == "Hallo Ana."
    assert bench.scan("BADGE-BEN").answer.text == "Hello Ben."


def test_who_signs_out_is_answered_in_their_language(bench: Bench) -> None:
    _speak(bench, ana="de")
    bench.scan("BADGE-ANA")
    said = bench.do(c.SignOut(command_id=new_id(), workplace="pick-1"))
    assert said.answer.text == "Ana ist abgemeldet."


def test_the_language_of_the_station_is_for_whoever_has_none_of_their_own(bench: Bench) -> None:
    _speak(bench, station="de", ben="en")
    assert bench.scan("A-1").answer.text == ("Hier ist niemand angemeldet. Scannen Sie zuerst Ihren Ausweis.")
    assert bench.scan("BADGE-ANA").answer.text == "Hallo Ana."
    assert bench.scan("BADGE-BEN").answer.text == "Hello Ben."


def test_a_command_with_a_persons_own_key_is_answered_in_their_language(bench: Bench) -> None:
    _speak(bench, ana="de")
    unlock = c.UnlockPin(command_id=new_id(), worker_id="ana", person="ben")
    assert bench.do(unlock).answer.text == (
        "Ana darf das nicht, dafür braucht es: Administration oder Schichtleitung. Fragen Sie die Schichtleitung."
    )


def test_an_english_site_says_its_answers_as_they_are() -> None:
    site = Site("station-1", "WH-1", {}, {"ana": ANA, "ben": replace(BEN, language="en")})
    assert site.is_english
    answer = words.say("pick.none")
    assert words.in_language(answer, "en") is answer


@pytest.mark.parametrize("code", ["zh", "ar"])
def test_a_language_of_another_script_has_no_english_word(code: str) -> None:
    spoken = import_module(f"local_store.domain.words.languages.{code}")
    for said in (*spoken.SENTENCES.values(), *spoken.PHRASES.values()):
        assert _english(" ".join(text for text, *_ in Formatter().parse(said))) == set(), said


@pytest.mark.parametrize("code", ["zh", "ar"])
def test_nothing_english_is_said_while_picking(picking: Bench, code: str) -> None:
    _speak(picking, station=code)
    _each_without_english(
        picking,
        lambda: picking.scan("A-1", "GARBAGE"),
        lambda: picking.scan("B-2"),
        lambda: picking.scan("SKU-1"),
        lambda: picking.key(7),
        picking.undo,
        lambda: picking.key(1),
        picking.seal,
        picking.complete,
        lambda: picking.do(c.MarkShort(command_id=new_id(), workplace="pick-1", reason="damaged")),
        lambda: picking.do(c.SetValue(command_id=new_id(), workplace="pick-1", name="condition", value="x")),
        lambda: _hq_cancelled(picking, "picklist", "PL-7"),
        lambda: picking.scan("SKU-2"),
        lambda: _decide(picking, "void_label"),
        lambda: _decide(picking, "hold"),
    )


@pytest.mark.parametrize("code", ["zh", "ar"])
def test_nothing_english_is_said_while_packing(packing: Bench, code: str) -> None:
    _speak(packing, station=code)
    _each_without_english(
        packing,
        lambda: packing.scan("GARBAGE"),
        lambda: packing.scan("A-1"),
        packing.skip,
        packing.seal,
        lambda: packing.scan("SKU-1", "SKU-1", "SKU-2"),
        lambda: packing.scan("GARBAGE"),
        lambda: packing.scan("A-1"),
        lambda: packing.scan("SKU-1"),
        lambda: packing.scan("SKU-3"),
        lambda: packing.weigh(9_000),
        lambda: packing.weigh(300),
        lambda: _hq_cancelled(packing, "fulfillment", "F-O-1"),
        packing.seal,
        lambda: _decide(packing, "continue"),
        packing.seal,
    )


def test_what_hq_did_is_asked_in_the_language_of_whoever_is_there(picking: Bench) -> None:
    _speak(picking, ana="de")
    picking.scan("A-1", "SKU-1")
    _hq_cancelled(picking, "picklist", "PL-7")
    assert picking.scan("SKU-1").answer.text == (
        "Die Zentrale hat storniert: Pickliste PL-7, Stand hier: wird kommissioniert. Legen Sie auf den Platz "
        "zurück: 1 von Chai (SKU-1). Hier wird nichts gezählt, bevor die Schichtleitung entschieden hat."
    )


def test_what_an_older_release_asked_is_read_as_it_was_kept(picking: Bench) -> None:
    picking.scan("A-1", "SKU-1")
    _hq_cancelled(picking, "picklist", "PL-7")
    (raised,) = picking.facts(e.ExceptionRaised)
    older = raised.model_copy(update={"asking": None})
    assert asking.kept(older) == asking.question(asking.kept(older)) == raised.sentence
    assert asking.question(asking.kept(raised)) == raised.sentence
    with picking.store.reader as db:
        (kept,) = db.execute("SELECT sentence FROM work_exception").fetchone()
    assert asking.question(kept) == raised.sentence


def test_no_english_is_put_into_a_blank_as_it_stands() -> None:
    """What fills a blank is a name, a number, or a `phrase` or `word`, which any language says anew."""
    found = [
        f"{path.relative_to(ROOT)}:{value.lineno} {ast.unparse(value)}"
        for path in _sources()
        for value in _values(ast.parse(path.read_text(encoding="utf-8")))
        if _is_english(value)
    ]
    assert found == []


NAMES = {"SSCC", "GTIN", "SKU", "GS", "FNC", "PIN", "IT", "Enter", "BLIND", "COPY", "CONFIRM", "MB", "kg"} | {
    *("Amazon", "FBA", "LTL", "edge", "toml", "numbers"),
    *("GARBAGE", "Chai", "Chang", "Aniseed", "Syrup", "Item", "PL", "Ana", "pick", "pack"),
}
"""Marks, codes and names that stand in every language as they are."""


def _english(text: str) -> set[str]:
    """Latin words of a text that are no names."""
    return set(re.findall(r"[A-Za-z]{2,}", text)) - NAMES


def _each_without_english(bench: Bench, *acts: Callable[[], object]) -> None:
    for act in acts:
        act()
        assert _english(re.sub(r"\bpc_\w+", "", bench.screen.text)) == set(), bench.screen.text


def _hq_cancelled(bench: Bench, thing: Literal["picklist", "fulfillment"], ident: str) -> None:
    bench.do(c.SeeWork(command_id=new_id(), lane="main", thing=thing, work_id=ident, state="cancelled"))


def _decide(bench: Bench, choice: str) -> None:
    (asked,) = reviewing.waiting(bench.store.reader)
    said = {"command_id": new_id(), "exception_id": asked.exception_id, "choice": choice, "badge": EVE.badge}
    bench.do(c.DecideException.model_validate(said))


def _values(tree: ast.AST) -> Iterator[ast.expr]:
    """What is put into blanks: of `say` and `phrase`, or gathered before as `words`."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="say" | "phrase"), keywords=keywords):
                yield from (each.value for each in keywords)
            case ast.Assign(targets=[ast.Name(id="words")], value=ast.Dict(values=values)):
                yield from values


def _is_english(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=str(text)):
            return any(letter.isalpha() for letter in text)
        case ast.JoinedStr(values=values):
            return any(map(_is_english, values))
        case ast.IfExp(body=one, orelse=other):
            return _is_english(one) or _is_english(other)
        case ast.BoolOp(values=values):
            return any(map(_is_english, values))
    return False


def _speak(bench: Bench, station: str = "en", **people: str) -> None:
    workers = {name: replace(worker, language=people.get(name)) for name, worker in bench.store.site.workers.items()}
    bench.store.site = replace(bench.store.site, language=station, workers=workers)


def _blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def _phrases() -> Iterator[str]:
    """Every sentence that is given to `phrase` in the code."""
    for path in _sources():
        yield from _given(ast.parse(path.read_text(encoding="utf-8")))


def _sources() -> Iterator[Path]:
    for folder in ("local_store", "agent"):
        for path in (ROOT / folder).rglob("*.py"):
            if path.name != "phrases.py" and "languages" not in path.parts:
                yield path


def _given(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "phrase":
            said = node.args[0]
            if isinstance(said, ast.Constant):
                yield str(said.value)
            else:  # of a table whose phrases stand in the code
                assert isinstance(said, ast.Attribute), ast.unparse(node)
                assert said.attr == "sentence", ast.unparse(node)
