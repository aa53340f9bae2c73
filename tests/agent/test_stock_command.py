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
