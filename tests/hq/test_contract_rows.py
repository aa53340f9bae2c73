"""Every call that seed 001 knows at a station is served: the rows of the reference, held against the route table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from hq.app import MODULES, routes
from hq.calls import BASE
from tests.support import needs

METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")


@pytest.fixture(scope="module")
def rows() -> list[str]:
    """The first cells of table 2.2."""
    shared = needs.shared_folder()
    if shared is None or not (shared / "reference" / "hq_contracts.md").is_file():
        needs.skip_or_fail("the shared reference folder (table 2.2)")
    text = (shared / "reference" / "hq_contracts.md").read_text(encoding="utf-8")
    table = text.split("### 2.2", 1)[1].split("\n### ", 1)[0]
    cells = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("|")]
    return [cell for cell in cells if "`/" in cell]


def served() -> set[tuple[str, str]]:
    tables = [*(module.routes for module in MODULES), routes]
    return {(route.method, bare(route.path.removeprefix(BASE))) for table in tables for route in table.routes}


def bare(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path.split("?", maxsplit=1)[0])


def calls_of(cell: str) -> Iterable[tuple[str, str, str]]:
    """Method, path as printed, and the first path of the cell, to which the later ones may be endings.

    A method alone (`PATCH`) is for one of the things before it, and an ending behind it has the first method again.
    """
    methods, first, paths_seen = ["GET"], "", True
    own: list[str] = []
    for word in re.findall(r"`[^`]+`|[A-Z]{3,}", cell):
        if word.startswith("`"):
            path = bare(word.strip("`"))
            first, own = first or path, own or methods
            if path.startswith("/{}") and not paths_seen:
                yield from ((method, first + "/{}", first) for method in methods)
                methods = own
            paths_seen = True
            yield from ((method, path, first) for method in methods)
        elif word in METHODS:
            methods = [word] if paths_seen else [*methods, word]
            paths_seen = False


def is_served(method: str, path: str, first: str) -> bool:
    if (method, path) in served() or (method == "PATCH" and (method, path + "/{}") in served()):
        return True
    family = "/" + first.split("/")[1]
    return path != first and any(
        asked == method and known.startswith(family) and known.endswith(path) for asked, known in served()
    )


def test_the_table_is_read_as_a_person_reads_it() -> None:
    assert list(calls_of("GET, POST `/keys`")) == [("GET", "/keys", "/keys"), ("POST", "/keys", "/keys")]
    told = [("PATCH", "/a/{}", "/a"), ("POST", "/{}/cancel", "/a")]
    assert list(calls_of("POST `/a`, PATCH, `/{id}/cancel`"))[1:] == told
    assert list(calls_of("GET `/a/{id}`, POST `/a/request`, `/release`"))[2] == ("POST", "/release", "/a/{}")


def test_every_call_of_table_2_2_is_served(rows: list[str]) -> None:
    wanted = [call for row in rows for call in calls_of(row)]
    assert len(wanted) > 70
    assert [f"{method} {path}" for method, path, first in wanted if not is_served(method, path, first)] == []


@pytest.mark.parametrize("call", [("PATCH", "/fulfillments/{}"), ("PATCH", "/packaging-profiles/{}"),
                                  ("DELETE", "/webhooks/{}"), ("POST", "/shipments/{}/cancel")])  # fmt: skip
def test_what_the_table_says_in_few_words_is_served_too(call: tuple[str, str]) -> None:
    assert call in served()


def test_every_path_that_the_seed_prints_is_served_unless_no_station_needs_it() -> None:
    shared = needs.shared_folder()
    if shared is None:
        needs.skip_or_fail("the shared reference folder (seed 001)")
    (seed,) = Path(shared / "seeds").glob("001_*.txt")
    printed = set(
        re.findall(r"`(GET|POST|PATCH|DELETE) (/v1/fulfillment/[^`\s?]*)", seed.read_text(encoding="utf-8"))
    )
    paths = {(method, bare(path.removeprefix(BASE))) for method, path in printed}
    beyond = {"/connectors", "/connectors/{}", "/warehouses/{}"}  # to be changed at a desk, not here
    lacking = {
        (method, path)
        for method, path in paths - served()
        if not (path.startswith("/connectors") or path.endswith("/slotting/recommend"))
        and not (path in beyond and method in {"PATCH", "DELETE"})
    }
    assert lacking == set()
