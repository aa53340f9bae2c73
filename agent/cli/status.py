"""`edge-agent status`: what the running agent says of itself."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import click

from agent.cli.common import Refusal, config_option, settings_from

TIMEOUT_S = 5


@click.command()
@config_option
@click.option("--url", help="Address of the agent, when it is not the one in edge.toml.")
@click.option("--json", "as_json", is_flag=True, help="The whole answer as JSON.")
def status(config_path: Path, url: str | None, *, as_json: bool) -> None:
    """Show devices, lanes and problems of the running agent. Ends with 1 when there are problems."""
    settings = settings_from(config_path)
    address = url or f"http://{settings.station.listen}"
    found = _ask(f"{address}/v1/station/status", settings.station.data_dir / "station.key")
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        _show(found)
    if found["problems"]:
        raise SystemExit(1)


def _ask(url: str, key_file: Path) -> dict[str, Any]:
    try:
        key = key_file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise Refusal(
            f"{key_file}: cannot be read ({error.strerror}); run this as the agent's user or root."
        ) from None
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {key}"})  # noqa: S310 -- our own address
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            found: dict[str, Any] = json.load(answer)
            return found
    except (urllib.error.URLError, TimeoutError) as error:
        reason = getattr(error, "reason", error)
        raise Refusal(f"{url}: no agent answers ({reason}). Is it running? `systemctl status edge-agent`.") from None


def _show(found: dict[str, Any]) -> None:
    print(f"{found['station']}  version {found['version']}  run {found['epoch']}  {found['facts']} facts")
    for name, device in found["devices"].items():
        print(f"  {device['kind']:8} {name:16} {device['state']:6} {device['sentence']}")
    for lane in found["lanes"]:
        print(
            f"  HQ       {lane['lane']:16} {lane['state']:12} {lane['unsent']} unsent, {lane['parked']} parked, "
            f"{lane['not_deliverable']} not deliverable  {lane['reason']}"
        )
    for kind, left in found["identity"]["numbers"].items():
        print(f"  numbers  {kind:16} {left['left']} left, enough for about {left['days_left']} days")
    backup = found["store"]["last_backup"]
    print(f"  backup   {backup['file']} of {backup['at']}, verified" if backup else "  backup   none yet")
    for problem in found["problems"]:
        print(f"  PROBLEM  {problem['sentence']} {problem['next_step']}")
