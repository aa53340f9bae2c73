"""`edge-agent status`: what the running agent says of itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from agent.cli.calling import Running
from agent.cli.common import config_option, settings_from, url_option


@click.command()
@config_option
@url_option
@click.option("--json", "as_json", is_flag=True, help="The whole answer as JSON.")
def status(config_path: Path, url: str | None, *, as_json: bool) -> None:
    """Show devices, lanes and problems of the running agent. Ends with 1 when there are problems."""
    settings = settings_from(config_path)
    found = Running(settings, url).get("/v1/station/status")
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        _show(found)
    if found["problems"]:
        raise SystemExit(1)


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
