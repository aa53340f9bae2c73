"""A station as its screens and its neighbours on the machine meet it: real processes, HTTP, pty and printer port."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
import uuid_utils

from tests.support.demo import Demo
from tests.support.patience import PATIENCE_S
from tests.support.site import until

pytestmark = [pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    async with Demo(tmp_path_factory.mktemp("station")) as running:
        await running.scan("pick", "BADGE-ANA")
        await running.scan("pack", "BADGE-BEN")
        yield running


def new_id() -> str:
    return str(uuid_utils.uuid7())


def edge_agent(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "agent", *arguments], capture_output=True, text=True, check=False)


async def test_a_screen_speaks_of_a_choice_only_where_there_is_one(demo: Demo) -> None:
    pick, pack = await demo.view("pick"), await demo.view("pack")
    assert pick["choices"]
    assert pick["next"]["detail"] == "or choose one below"
    assert not pack["choices"]
    assert pack["next"]["detail"] == "or an order; none waits here yet"


# --- who may call -----------------------------------------------------------------------------------------------


async def test_a_foreign_host_name_gets_no_answer_from_any_route(demo: Demo) -> None:
    for path in ("/pick", "/health", "/v1/station/workplaces", "/static/tokens.css"):
        async with demo.session.get(demo.url + path, headers={"Host": "evil.example"}) as answer:
            assert answer.status == 421


async def test_a_page_of_another_origin_can_change_nothing_and_open_no_socket(demo: Demo) -> None:
    foreign = {"Origin": "http://evil.example"}
    body = {"command_id": new_id(), "code": "X"}
    path = f"{demo.url}/v1/station/workplaces/pick/scan"
    async with demo.session.post(path, json=body, headers=foreign) as answer:
        assert answer.status == 403
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await demo.session.ws_connect(f"{demo.url}/v1/station/live?workplace=pick", headers=foreign)
    assert refused.value.status == 403


async def test_a_program_without_the_stations_cookie_or_key_is_refused(demo: Demo) -> None:
    async with aiohttp.ClientSession() as stranger:
        async with stranger.get(f"{demo.url}/v1/station/workplaces") as answer:
            assert answer.status == 401
            assert (await answer.json())["error"]["code"] == "no_key"
        async with stranger.get(f"{demo.url}/v1/station/status", headers={"Authorization": "Bearer x"}) as answer:
            assert answer.status == 401


async def test_a_screen_may_not_do_what_only_the_command_line_may(demo: Demo) -> None:
    async with demo.session.get(f"{demo.url}/v1/station/status") as answer:
        assert answer.status == 403


async def test_pages_carry_a_policy_that_lets_nothing_foreign_in(demo: Demo) -> None:
    async with demo.session.get(f"{demo.url}/pick") as page:
        assert "default-src 'self'" in page.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
        cookie = page.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie


async def test_only_files_of_the_screens_are_served(demo: Demo) -> None:
    for name in ("..%2F__main__.py", "%2e%2e%2fwiring.py", "nothing.js", "tokens.css.bak"):
        async with demo.session.get(f"{demo.url}/static/{name}") as answer:
            assert answer.status == 404, name


# --- commands ---------------------------------------------------------------------------------------------------


async def test_a_command_that_comes_twice_gets_its_first_answer_and_counts_once(demo: Demo) -> None:
    command = {"command_id": new_id(), "code": "no such thing"}
    status, first = await demo.press("pick", "scan", **command)
    again_status, again = await demo.press("pick", "scan", **command)
    assert (status, again_status) == (200, 200)
    assert again["answer"]["text"] == first["answer"]["text"]
    told = edge_agent(
        "store",
        "query",
        "SELECT count(*) FROM journal WHERE body LIKE '%no such thing%'",
        "--config",
        str(demo.config),
    )
    assert told.stdout.splitlines()[1] == "1"


async def test_a_command_id_with_other_contents_is_refused(demo: Demo) -> None:
    command_id = new_id()
    await demo.press("pick", "scan", command_id=command_id, code="one")
    status, body = await demo.press("pick", "scan", command_id=command_id, code="two")
    assert status == 422
    assert body["error"]["code"] == "command_reused"


@pytest.mark.parametrize(
    ("command", "members", "says"),
    [
        ("scan", {"code": ""}, "code: String should have at least 1 character"),
        ("scan", {"code": "x", "colour": "red"}, "colour: Extra inputs are not permitted"),
        ("quantity", {"quantity": "many"}, 'quantity: Input should be a valid decimal (got "many")'),
        ("short", {"reason": "  "}, "reason: String should have at least 1 character"),
        ("label-decision", {"job_id": "j", "decision": "maybe"}, "decision: Input should be"),
    ],
)
async def test_a_malformed_command_is_refused_with_its_field_and_value(
    demo: Demo, command: str, members: dict[str, Any], says: str
) -> None:
    status, body = await demo.press("pack", command, command_id=new_id(), **members)
    assert status == 422
    assert says in body["error"]["message"]


async def test_bad_json_is_named_as_such(demo: Demo) -> None:
    path = f"{demo.url}/v1/station/workplaces/pick/scan"
    async with demo.session.post(path, data=b"{", headers={"Content-Type": "application/json"}) as answer:
        assert answer.status == 400
        assert "is not JSON" in (await answer.json())["error"]["message"]


async def test_an_unknown_workplace_is_refused_with_those_there_are(demo: Demo) -> None:
    status, body = await demo.press("dock", "undo", command_id=new_id())
    assert status == 404
    assert body["error"]["message"] == "There is no workplace 'dock' here; there is pick, pack."


# --- devices ----------------------------------------------------------------------------------------------------


async def test_a_scanner_whose_plug_is_pulled_is_shown_and_comes_back_by_itself(demo: Demo) -> None:
    await demo.act("pick-scanner", "unplug")

    async def state() -> str:
        found: str = (await demo.view("pick"))["devices"][0]["state"]
        return found

    async def away() -> bool:
        return await state() == "away"

    async def ready() -> bool:
        return await state() == "ready"

    await until(away, "the screen did not show that the scanner is away")
    problems = (await demo.view("pick"))["problems"]
    assert [problem["problem_id"] for problem in problems] == ["device.pick-scanner"]
    assert problems[0]["next_step"]
    await demo.act("pick-scanner", "replug")
    await until(ready, "the scanner did not come back")
    assert (await demo.scan("pick", "still here?"))["code"] in {"scan.unknown", "pick.unknown"}
    assert (await demo.view("pick"))["problems"] == []


async def test_an_idle_screen_hears_from_the_station_though_its_scale_never_stops_talking(demo: Demo) -> None:
    async with (
        demo.session.ws_connect(f"{demo.url}/v1/station/live?workplace=pack") as socket,
        asyncio.timeout(PATIENCE_S),
    ):
        kinds: list[str] = []
        while kinds.count("ping") < 2:
            kinds.append((await socket.receive_json())["kind"])
    assert {"weight", "view"} <= set(kinds)


# --- the command line -------------------------------------------------------------------------------------------


async def test_status_shows_devices_lanes_and_facts(demo: Demo) -> None:
    told = edge_agent("status", "--config", str(demo.config), "--url", demo.url)
    assert told.returncode == 0, told.stderr
    assert "scale            ready" in told.stdout
    assert "HQ       main             reachable" in told.stdout


async def test_the_store_can_be_read_while_the_agent_runs_and_never_written(demo: Demo) -> None:
    config = ("--config", str(demo.config))
    kinds = edge_agent("store", "query", "SELECT DISTINCT kind FROM journal", "--json", *config)
    assert {"kind": "work.picklist_received"} in [json.loads(line) for line in kinds.stdout.splitlines()]
    refused = edge_agent("store", "query", "DELETE FROM receipt", *config)
    assert refused.returncode == 2
    assert "readonly database" in refused.stderr
    exported = [json.loads(line) for line in edge_agent("store", "export", *config).stdout.splitlines()]
    assert [line["seq"] for line in exported] == list(range(1, len(exported) + 1))


async def test_no_name_or_address_is_in_the_journal_or_in_the_logs(demo: Demo) -> None:
    exported = edge_agent("store", "export", "--config", str(demo.config)).stdout
    assert "Sonnenschein" not in exported
    assert "Sonnenschein" not in demo.process.log.read_text(encoding="utf-8")


async def test_verify_walks_the_chain_of_a_running_agent(demo: Demo) -> None:
    told = edge_agent("verify", "--config", str(demo.config))
    assert told.returncode == 0
    assert told.stdout.startswith("The journal is whole: ")


async def test_a_second_agent_on_the_same_folder_is_refused_in_words(demo: Demo) -> None:
    told = edge_agent("run", "--config", str(demo.config))
    assert told.returncode == 2
    assert "another agent is running on this folder" in told.stderr
