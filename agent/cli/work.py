"""`edge-agent work …`: files of work; what HQ took back or changed, and a supervisor's decision about it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import click

from agent.cli.calling import Running
from agent.cli.common import config_option, settings_from, url_option

TIMEOUT_S = 300
"""For a large file on a slow disk."""


@click.group()
def work() -> None:
    """Work that HQ gave, took back or changed."""


@work.command()
@config_option
@url_option
def exceptions(config_path: Path, url: str | None) -> None:
    """List what waits for a supervisor."""
    found = Running(settings_from(config_path), url).get("/v1/station/exceptions")["exceptions"]
    for each in found:
        print(f"{each['exception_id']}  {each['sentence']}")
        print(f"    {'held; ' if each['state'] == 'held' else ''}choose one of {', '.join(each['steps'])}")
    if not found:
        print("Nothing waits for a supervisor.")


@work.command()
@config_option
@url_option
@click.option("--badge", prompt="Scan or key the supervisor's badge", hide_input=True, help="The supervisor's badge.")
@click.argument("exception_id")
@click.argument("step")
def decide(config_path: Path, url: str | None, badge: str, exception_id: str, step: str) -> None:
    """Choose STEP for an exception, once the goods are where they belong."""
    import uuid_utils  # noqa: PLC0415 -- most commands need no ids

    body = {"command_id": str(uuid_utils.uuid7()), "choice": step, "badge": badge}
    path = f"/v1/station/exceptions/{exception_id}/decide"
    answer = Running(settings_from(config_path), url).post(path, body)["answer"]
    print(answer["text"])
    if answer["tone"] == "refused":
        raise SystemExit(1)


@work.command("import")
@config_option
@url_option
@click.option("--lane", help="The HQ to which lines belong that name none.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(config_path: Path, url: str | None, lane: str | None, file: Path) -> None:
    """Take in a file of work, one JSON document a line; a bad line does not stop the good ones."""
    path = "/v1/station/work/import" + (f"?{urlencode({'lane': lane})}" if lane else "")
    running = Running(settings_from(config_path), url)
    told = running.send(path, file.read_bytes(), "application/x-ndjson", TIMEOUT_S)
    print(f"{told['used']} of {told['lines']} lines were of use.")
    for each in told["bad"]:
        where = f"{each['place']}: " if each["place"] and not each["message"].startswith(each["place"]) else ""
        print(f"  {file.name}, line {each['line']}: {where}{each['message']} (got {each['value']})")
    if told["refused"]:
        raise SystemExit(1)
