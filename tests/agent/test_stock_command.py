"""`edge-agent stock count`: a count is told through the running agent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from agent.__main__ import main

ANSWERS = {
    "TEA": {"tone": "note", "code": "goods.counted", "text": "Recorded: 12 of TEA at A-1."},
    "SALT": {"tone": "refused", "code": "goods.no_product", "text": "There is no product SALT here."},
}
BALANCED = {
    **dict.fromkeys(("received", "adjusted", "elsewhere", "on_hand", "shipped"), "5"),
    "sku": "TEA",
    "unbalanced": "0",
    "below_zero": 2,
}
CHECKED = {"/v1/station/stock/check": {"products": 3, "conserved": True, "items": [BALANCED]}}
told: list[tuple[str, dict[str, Any]]] = []


class Agent(BaseHTTPRequestHandler):
    """In place of a running agent."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told.append((self.path, body))
        answer = json.dumps({"answer": ANSWERS[body["sku"]]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(answer)

    def do_GET(self) -> None:
        answer = json.dumps(CHECKED[self.path]).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    told.clear()
    server = HTTPServer(("127.0.0.1", 0), Agent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "station.key").write_text("key")
    path = tmp_path / "edge.toml"
    path.write_text(
        f'[station]\nid = "st-1"\nwarehouse_id = "W"\ndata_dir = "{tmp_path}"\n[workplaces.pick]\nwork = "pick"\n'
    )
    return path


def count(config: Path, url: str, *arguments: str, **of: Any) -> Any:
    return CliRunner().invoke(main, ["stock", "count", "--config", str(config), "--url", url, *arguments], **of)


def test_a_count_is_told_with_its_place_and_the_badge_is_asked_for_and_not_shown(config: Path, url: str) -> None:
    done = count(config, url, "TEA", "12", "--location", "A-1", input="BADGE-EVE\n")
    assert done.exit_code == 0, done.output
    assert done.output.endswith("Recorded: 12 of TEA at A-1.\n")
    assert "BADGE-EVE" not in done.output
    ((path, body),) = told
    assert path == "/v1/station/counts"
    assert {**body, "command_id": ""} == {
        "command_id": "",
        "sku": "TEA",
        "qty": "12",
        "location_id": "A-1",
        "badge": "BADGE-EVE",
    }


def test_a_count_that_is_refused_ends_with_2_and_says_why(config: Path, url: str) -> None:
    done = count(config, url, "SALT", "1", "--badge", "BADGE-EVE")
    assert done.exit_code == 2
    assert "There is no product SALT here." in done.output
    assert "location_id" not in told[0][1]


def test_a_check_says_that_goods_are_conserved_and_which_shelves_to_count(url: str, config: Path) -> None:
    done = CliRunner().invoke(main, ["stock", "check", "--config", str(config), "--url", url])
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "TEA: more was taken from 2 shelves than was known of. Count them.",
        "Goods are conserved: 3 products.",
    ]


def test_a_check_that_does_not_add_up_says_so_and_ends_with_1(
    url: str, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {"products": 1, "conserved": False, "items": [{**BALANCED, "unbalanced": "-5"}]}
    monkeypatch.setitem(CHECKED, "/v1/station/stock/check", wrong)
    done = CliRunner().invoke(main, ["stock", "check", "--config", str(config), "--url", url])
    assert done.exit_code == 1
    assert done.output == (
        "TEA: received 5, adjusted 5, from elsewhere 5; on hand 5, shipped 5: -5 appeared or went."
        " Run `edge-agent rebuild`.\n"
    )
