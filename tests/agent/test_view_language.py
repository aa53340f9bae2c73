"""What a screen shows is in the language of who is signed in."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agent.floor.views import Strip, view_of
from agent.problems import Problems
from local_store.clock import SystemClock
from tests.support.floor import ANA, BEN, SITE, Bench, line, product
from tests.support.whole_floor import MACHINE, make_morning

WORKERS = {"ana": replace(ANA, language="de"), "ben": BEN}


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path / "data", replace(SITE, workers=WORKERS))
    bench.given_products(product("SKU-1"))
    bench.given_picklist("PL-7", line("SKU-1", 2))
    yield bench
    bench.close()


def view(bench: Bench) -> dict[str, Any]:
    strip = Strip(
        lambda: bench.store.site, SystemClock(), lambda _: (), dict, Problems(SystemClock().wall_ms), training=False
    )
    shown: dict[str, Any] = json.loads(json.dumps(view_of(bench.store.reader, strip, bench.workplace, None)))
    return shown


def test_the_next_thing_the_actions_and_their_reasons_are_in_the_pickers_language(floor: Bench) -> None:
    floor.signed_in(WORKERS["ana"])
    assert view(floor)["next"]["headline"] == "Pickliste scannen"
    assert view(floor)["choices"][0]["detail"] == "beginnt bei A-1"
    floor.scan("PL-7")
    shown = view(floor)
    assert shown["next"]["amount"] == "2 nehmen"
    assert [each["label"] for each in shown["actions"] if each["place"] != "more"] == [
        "Fehlmenge", "Rückgängig", "Überspringen", "Menge", "Abmelden",
    ]  # fmt: skip
    reasons = shown["actions"][0]["reasons"]
    assert reasons[0] == {"code": "location empty", "label": "Platz leer"}, "what the page sends back stays the same"


def test_the_next_person_reads_theirs(floor: Bench) -> None:
    floor.signed_in(WORKERS["ana"])
    floor.signed_in(BEN)
    assert view(floor)["next"]["headline"] == "Scan a picklist"


def test_where_nobody_is_signed_in_the_station_speaks_its_own(floor: Bench) -> None:
    assert view(floor)["next"]["headline"] == "Scan your badge"
    floor.store.site = replace(floor.store.site, language="de")
    assert view(floor)["next"]["headline"] == "Ausweis scannen"


class Marked(dict[str, str]):
    """A language that says everything as English does, in guillemets: what stands without is not translated."""

    def __missing__(self, english: str) -> str:
        return f"«{english}»"


FOR_PEOPLE = {"headline", "detail", "amount", "label", "sentence", "next_step"}
"""Members of a view that a person reads as words; `text` is said of an answer, and checked with the sentences."""
WRITTEN_BY_HQ = {"notes", "to_confirm"}
DATA = re.compile(r"((Item |id-)?[A-Z]+(-[A-Z0-9]+)*( \([A-Z]+-\d\))?|[a-z]+-\d)?")
"""Names of goods, places and lists, as this floor's are: no words of ours."""
SCANS = {
    "pick": ("PL-7", "A-1", "SKU-1", "SKU-1", "B-2", "SKU-2"),
    "pack": ("O-8", "SKU-1", "SKU-1", "SKU-2"),
    "receive": ("ASN-1", "SKU-1", "TEA", "L1"),
    "put_away": ("SKU-1",),
    "count": ("A-1", "SKU-1"),
    "return": ("RMA-1", "SKU-1"),
    "inspect": ("RMA-1",),
    "kit": ("WO-2", "SKU-1"),
    "load": ("DHL",),
}


@pytest.mark.parametrize("work", SCANS)
def test_every_word_of_a_view_is_one_that_languages_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    marked = SimpleNamespace(PHRASES=Marked(), SENTENCES=Marked())
    monkeypatch.setitem(sys.modules, "local_store.domain.words.languages.marked", marked)  # a language as any other
    make_morning(tmp_path)
    workers = {name: replace(worker, language="marked") for name, worker in MACHINE.workers.items()}
    bench = Bench(tmp_path, replace(MACHINE, workers=workers, language="marked")).at(f"{work}-1")
    strip = Strip(
        lambda: bench.store.site, SystemClock(), lambda _: (), dict, Problems(SystemClock().wall_ms), training=False
    )
    seen: list[str] = []
    for scanned in (None, *SCANS[work]):
        if scanned:
            bench.scan(scanned)
        shown = view_of(bench.store.reader, strip, bench.workplace, None)
        said = list(_read(shown))
        seen += said
        assert [words for words in said if "«" not in words and not DATA.fullmatch(words)] == [], scanned
    bench.close()
    assert any("«" in words for words in seen)


def _read(value: Any, member: str = "") -> Iterator[str]:
    """What a person reads, however deep it stands in a view."""
    if isinstance(value, dict):
        for name in value.keys() - WRITTEN_BY_HQ:
            yield from _read(value[name], name)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _read(part, member)
    elif isinstance(value, str) and member in FOR_PEOPLE:
        yield value
