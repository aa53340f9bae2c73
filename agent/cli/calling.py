"""Calls from the command line to the running agent, with the station's key."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from agent.cli.common import Refusal
from config import Settings

TIMEOUT_S = 10


class Running:
    """The running agent of a station."""

    def __init__(self, settings: Settings, url: str | None = None) -> None:
        """`url` is its address where it is not the one in edge.toml."""
        self.url = url or f"http://{settings.station.listen}"
        self._key_file = settings.station.data_dir / "station.key"

    def answers(self) -> bool:
        """Whether it runs."""
        with suppress(OSError, ValueError), urllib.request.urlopen(f"{self.url}/health", timeout=TIMEOUT_S):  # noqa: S310
            return True
        return False

    def get(self, path: str, timeout_s: float = TIMEOUT_S) -> Any:
        """The JSON at `path`. A refusal of the agent ends the command in its words."""
        return json.loads(self.text(path, timeout_s))

    def text(self, path: str, timeout_s: float = TIMEOUT_S) -> str:
        """The text at `path`."""
        with self._open(path, None, timeout_s) as answer:
            found: str = answer.read().decode()
            return found

    def post(self, path: str, body: dict[str, Any], timeout_s: float = TIMEOUT_S) -> Any:
        """What a POST of `body` answers."""
        with self._open(path, json.dumps(body).encode(), timeout_s) as answer:
            return json.load(answer)

    def send(self, path: str, data: bytes, content_type: str, timeout_s: float) -> Any:
        """What a POST of `data` answers."""
        with self._open(path, data, timeout_s, content_type) as answer:
            return json.load(answer)

    def lines(self, path: str) -> Iterator[Any]:
        """Every JSON line at `path` as it comes; None for an empty one, which only says that the agent is there."""
        with self._open(path, None, TIMEOUT_S) as answer:
            for line in answer:
                yield json.loads(line) if line.strip() else None

    def _open(self, path: str, body: bytes | None, timeout_s: float, content_type: str = "application/json") -> Any:
        headers = {"Authorization": f"Bearer {self._key()}"}
        if body is not None:
            headers["Content-Type"] = content_type
        request = urllib.request.Request(f"{self.url}{path}", data=body, headers=headers)  # noqa: S310 -- our own
        try:
            return urllib.request.urlopen(request, timeout=timeout_s)  # noqa: S310
        except urllib.error.HTTPError as refused:
            with refused:
                raise Refusal(_words(refused)) from None
        except (urllib.error.URLError, TimeoutError) as error:
            reason = getattr(error, "reason", error)
            raise Refusal(
                f"{self.url}: no agent answers ({reason}). Is it running? `systemctl status edge-agent`."
            ) from None

    def _key(self) -> str:
        try:
            return self._key_file.read_text(encoding="ascii").strip()
        except OSError as error:
            raise Refusal(
                f"{self._key_file}: cannot be read ({error.strerror}); run this as the agent's user or root."
            ) from None


def _words(refused: urllib.error.HTTPError) -> str:
    """What the agent said to the refusal; its own status where that is not JSON."""
    try:
        message: str = json.load(refused)["error"]["message"]
    except (ValueError, KeyError, TypeError):
        return f"{refused.url}: {refused.code} {refused.reason}"
    return message
