"""The document of the station's API: made of its routes, complete, and kept by every answer."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.support.conformity import examples_of_profile, run_schemathesis
from tests.support.demo import Demo
from tests.support.needs import ROOT
from web.contract import METHODS, Contract

pytestmark = [pytest.mark.asyncio(loop_scope="module")]

EXAMPLES = 2
PAGE = ROOT / "docs" / "api.md"
BEGIN, END = "<!-- routes: made by a test -->", "<!-- end of routes -->"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    async with Demo(tmp_path_factory.mktemp("api")) as running:
        await running.scan("pick", "BADGE-ANA")
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def contract(demo: Demo) -> Contract:
    return Contract(await demo.get("/v1/openapi.json"), "the agent's document")


def station_key(demo: Demo) -> dict[str, str]:
    return {"Authorization": f"Bearer {(demo.folder / 'demo' / 'store' / 'station.key').read_text()}"}


async def test_every_route_under_v1_says_what_it_answers(contract: Contract) -> None:
    assert len(contract.operations) > 50
    for each in contract.operations:
        if each.template.startswith("/v1/"):
            success = next(answer for status, answer in each.document["responses"].items() if status < "400")
            assert success.get("content") or "101" in each.statuses, f"{each.name} does not say what it answers"


async def test_every_route_names_its_roles_and_the_refusals_of_the_guards(contract: Contract) -> None:
    for each in contract.operations:
        assert each.document["x-roles"], each.name
        assert {"403", "421", "429", "503"} <= each.statuses, each.name
        assert ("401" in each.statuses) == (each.document["x-roles"] != ["anyone"]), each.name


def table_of(contract: Contract) -> str:
    rows = ["| Call | Roles | What it does |", "|---|---|---|"]
    for each in sorted(contract.operations, key=lambda each: (each.template, METHODS.index(each.method.lower()))):
        roles, summary = ", ".join(each.document["x-roles"]), each.document["summary"].replace("|", "\\|")
        rows.append(f"| `{each.name}` | {roles} | {summary} |")
    return "\n".join(rows)


async def test_the_page_about_the_api_lists_every_route(contract: Contract) -> None:
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    written, _, after = rest.partition(END)
    if os.environ.get("EDGE_WRITE_DOCS"):
        PAGE.write_text(f"{before}{BEGIN}\n{table_of(contract)}\n{END}{after}", encoding="utf-8")
    else:
        assert written.strip() == table_of(contract), "run this test with EDGE_WRITE_DOCS=1"


READ = (
    "/health", "/v1/station/workplaces", "/v1/station/workplaces/pick/view", "/v1/station/workplaces/pack/view",
    "/v1/station/status", "/v1/station/devices", "/v1/bench/devices", "/v1/station/codes", "/v1/station/exceptions",
)  # fmt: skip


async def test_what_is_really_answered_is_what_the_document_says(demo: Demo, contract: Contract) -> None:
    headers = station_key(demo)
    for path in READ:
        async with demo.session.get(demo.url + path, headers=headers) as answer:
            body = await answer.read()
            operation = contract.operation("GET", path)
            assert operation is not None
            assert (answer.status, operation.check_answer(200, dict(answer.headers), body)) == (200, [])


async def made_up(demo: Demo, contract: Contract, headers: dict[str, str]) -> int:
    known = {
        "workplace": ["pick", "pack"], "name": ["pick-scanner", "pack-scale"], "act": ["scan", "load", "unplug"],
        "lane": ["hq"], "code": ["BADGE-ANA", "BADGE-EVE"], "badge": ["BADGE-EVE"],
    }  # fmt: skip
    return await asyncio.to_thread(
        run_schemathesis, contract, demo.url, headers, examples_of_profile(EXAMPLES), known
    )


def finite(contract: Contract) -> Contract:
    """The document without the calls that last as long as somebody listens."""
    document: dict[str, Any] = json.loads(json.dumps(contract.document))
    for path in ("/v1/station/live", "/v1/station/facts/live", "/v1/station/devices/{name}/readings"):
        document["paths"].pop(path, None)
    return Contract(document, contract.name)


async def test_no_call_made_up_from_the_document_meets_a_fault_or_an_undocumented_answer(
    demo: Demo, contract: Contract
) -> None:
    assert await made_up(demo, finite(contract), station_key(demo)) > len(contract.operations)


async def test_without_a_key_every_route_but_those_for_anyone_answers_401(demo: Demo, contract: Contract) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as stranger:
        for each in contract.operations:
            path = re.sub(r"\{\w+\}", "x", each.template)
            async with stranger.request(each.method, demo.url + path) as answer:
                assert (answer.status == 401) == (each.document["x-roles"] != ["anyone"]), each.name


async def test_nor_does_one_without_a_key(demo: Demo, contract: Contract) -> None:
    assert await made_up(demo, finite(contract), {}) > len(contract.operations)


async def test_the_document_is_for_anybody(demo: Demo) -> None:
    async with aiohttp.ClientSession() as stranger, stranger.get(f"{demo.url}/v1/openapi.json") as answer:
        assert (answer.status, (await answer.json())["openapi"]) == (200, "3.1.0")
