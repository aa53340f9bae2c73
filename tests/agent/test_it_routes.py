"""IT's calls on a running station: who may look, who may act, and what is never shown."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.support.demo import Demo
from tests.support.site import until

pytestmark = [pytest.mark.asyncio(loop_scope="module")]
BASE = "/v1/station/it"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    async with Demo(tmp_path_factory.mktemp("it")) as running:
        await running.scan("pick", "BADGE-ANA")
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def carer(demo: Demo) -> dict[str, str]:
    """The header of somebody who showed the code of the terminal."""
    return {"Authorization": f"Bearer {await enter(demo, it_code(demo))}"}


def edge_agent(demo: Demo, *arguments: str) -> str:
    command = [sys.executable, "-m", "agent", *arguments, "--config", str(demo.config)]
    url = ["--url", demo.url] if arguments[0] == "it-code" else []
    return subprocess.run([*command, *url], capture_output=True, text=True, check=True).stdout


def it_code(demo: Demo) -> str:
    return edge_agent(demo, "it-code").splitlines()[0]


async def enter(demo: Demo, code: str) -> str:
    async with demo.session.post(f"{demo.url}{BASE}/enter", json={"code": code}) as answer:
        assert answer.status == 200, await answer.text()
        found: str = (await answer.json())["key"]
        return found


async def test_a_screen_sees_how_things_are_but_no_code_that_was_scanned(demo: Demo) -> None:
    view = await demo.get(BASE)
    scanner = view["places"][0]["devices"][0]
    assert (scanner["name"], scanner["kind"], scanner["state"]) == ("pick-scanner", "scanner", "ready")
    assert scanner["wire"].endswith("pick-scanner")
    assert scanner["last"]["kind"] == "scan"
    assert scanner["last"]["characters"] == len("BADGE-ANA")
    assert "BADGE-ANA" not in json.dumps(view)
    assert not view["carer"]


async def test_hq_is_told_of_with_its_last_answer(demo: Demo) -> None:
    async def answered() -> Any:
        (lane,) = (await demo.get(BASE))["lanes"]
        return lane["answered_at"] and lane

    lane = await until(answered, "HQ did not answer")
    assert (lane["lane"], lane["dialect"], lane["state"]) == ("main", "ofs", "reachable")
    assert lane["next_try_at"] is None


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{BASE}/settings"),
        ("GET", f"{BASE}/devices/scale/bytes"),
        ("GET", f"{BASE}/devices/scale/doctor"),
        ("POST", f"{BASE}/devices/printer/test-print"),
        ("POST", f"{BASE}/codes"),
    ],
)
async def test_a_screen_may_neither_see_raw_data_nor_act(demo: Demo, method: str, path: str) -> None:
    async with demo.session.request(method, demo.url + path, json={} if method == "POST" else None) as answer:
        assert answer.status == 403
        assert (await answer.json())["error"]["code"] == "wrong_role"


async def test_a_code_works_once(demo: Demo) -> None:
    code = it_code(demo)
    await enter(demo, code)
    async with demo.session.post(f"{demo.url}{BASE}/enter", json={"code": code}) as answer:
        assert answer.status == 403
        assert "it-code" in (await answer.json())["error"]["message"]


async def test_the_pass_gives_no_further_code_and_none_of_the_supervisors_acts(
    demo: Demo, carer: dict[str, str]
) -> None:
    for path in (f"{BASE}/codes", "/v1/fulfillment/keys", "/v1/station/enrolments"):
        async with demo.session.post(demo.url + path, json={}, headers=carer) as answer:
            assert answer.status == 403, path


async def test_who_looks_after_it_sees_the_bytes_as_text_and_as_hex(demo: Demo, carer: dict[str, str]) -> None:
    async with demo.session.get(f"{demo.url}{BASE}/devices/pick-scanner/bytes", headers=carer) as answer:
        chunks = (await answer.json())["chunks"]
    came = [each for each in chunks if each["way"] == "in"]
    assert "".join(each["text"] for each in came).startswith("BADGE-ANA")
    assert came[0]["hex"].startswith("42")
    assert all(each["age_ms"] >= 0 for each in chunks)


async def test_settings_name_their_line_and_hide_what_is_secret(demo: Demo, carer: dict[str, str]) -> None:
    async with demo.session.get(f"{demo.url}{BASE}/settings", headers=carer) as answer:
        found = await answer.json()
    told = {(of["section"], each["key"]): each for of in found["sections"] for each in of["settings"]}
    assert told["station", "id"]["value"] == "demo-1"
    assert told["station", "id"]["line"] == 2
    assert told["station", "work_files"]["line"] is None
    assert told["workers.ana", "badge"]["value"] == "•••"
    assert "BADGE-ANA" not in json.dumps(found)
    assert not found["changed"]


async def test_a_test_print_comes_out_and_the_next_label_is_not_taken_for_a_strangers(
    demo: Demo, carer: dict[str, str]
) -> None:
    before = await demo.get("/v1/bench/devices")
    async with demo.session.post(f"{demo.url}{BASE}/devices/printer/test-print", json={}, headers=carer) as answer:
        told = await answer.json()
        assert answer.status == 200, told
    assert told["proof"], told
    after = await demo.get("/v1/bench/devices")
    assert len(after["labels"]) == len(before["labels"]) + 1
    kept = edge_agent(demo, "store", "query", "SELECT label_count, unproved FROM spool_printer")
    assert kept.splitlines()[1].split() == ["1", "0"]


async def test_a_scanner_prints_nothing(demo: Demo, carer: dict[str, str]) -> None:
    async with demo.session.post(
        f"{demo.url}{BASE}/devices/pick-scanner/test-print", json={}, headers=carer
    ) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (409, "no_printer")


async def test_the_doctor_examines_a_printer_through_the_agent(demo: Demo, carer: dict[str, str]) -> None:
    async with demo.session.get(f"{demo.url}{BASE}/devices/printer/doctor", headers=carer) as answer:
        lines = [json.loads(line) async for line in answer.content if line.strip()]
    assert lines[0] == {"said": "The printer is asked how it is."}
    assert lines[-1]["verdict"] == "fine"


async def test_the_doctor_of_a_scale_asks_and_judges_what_lies_on_it(demo: Demo, carer: dict[str, str]) -> None:
    async def reply(text: str) -> None:
        path = f"{demo.url}{BASE}/devices/scale/doctor/answer"
        async with demo.session.post(path, json={"answer": text}, headers=carer) as answered:
            assert answered.status == 200

    loads, verdict = iter([0, 1000, 0]), dict[str, Any]()
    async with demo.session.get(f"{demo.url}{BASE}/devices/scale/doctor", headers=carer) as answer:
        async for line in answer.content:
            told = json.loads(line) if line.strip() else {}
            if "asked" in told:
                await demo.act("scale", "load", weight_g=next(loads))
                await reply("1 kg" if "known weight" in told["asked"] else "")
            verdict = told if "verdict" in told else verdict
    assert verdict["verdict"] == "fine", verdict


async def test_the_sheet_is_a_page_with_its_own_style_and_nothing_else(demo: Demo) -> None:
    async with demo.session.get(f"{demo.url}{BASE}/sheet") as answer:
        assert "default-src 'none'; style-src 'sha256-" in answer.headers["Content-Security-Policy"]
        assert "<svg" in await answer.text()
