"""`edge-agent sync …`: what waits for each HQ, what it refused, and what to do about it. Asks the running agent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from agent.cli.calling import Running
from agent.cli.common import Refusal, config_option, settings_from, url_option

SLOW_S = 300
"""A look at HQ may take many pages."""


@click.group()
def sync() -> None:
    """What waits for each HQ, what it refused, and what to do about it."""


def _running(config_path: Path, url: str | None) -> Running:
    return Running(settings_from(config_path), url)


def _lane(lane: str, rest: str) -> str:
    return f"/v1/station/lanes/{quote(lane, safe='')}/{rest}"


@sync.command()
@config_option
@url_option
def status(config_path: Path, url: str | None) -> None:
    """Each lane: is its HQ there, how much is unsent and how old, what is parked, what cannot be told."""
    for lane in _running(config_path, url).get("/v1/station/status")["lanes"]:
        oldest = f", the oldest of {lane['oldest_unsent_at']}" if lane["oldest_unsent_at"] else ""
        print(f"{lane['lane']}: {lane['state']} since {lane['since']}. {lane['reason']}".rstrip())
        print(f"  {lane['unsent']} unsent{oldest}")
        print(f"  {lane['parked']} parked, {lane['not_deliverable']} this HQ cannot be told")


@sync.command()
@config_option
@url_option
@click.argument("lane")
def parked(config_path: Path, url: str | None, lane: str) -> None:
    """What LANE's HQ refused, in its words. Ends with 1 when there is something."""
    rows = _running(config_path, url).get(_lane(lane, "parked"))["parked"]
    for row in rows:
        print(f"{row['entity']}  {row['kind']} (fact {row['seq']})\n  {row['reason']}")
    if not rows:
        print(f"Nothing is parked for {lane}.")
        return
    print(
        f"\nMend the cause, then `edge-agent sync retry {lane} ENTITY`; what is missing is told with `sync repair`, "
        "what HQ was told by other means is ended with `sync repair --told NOTE`."
    )
    raise SystemExit(1)


@sync.command()
@config_option
@url_option
@click.argument("lane")
@click.argument("entity")
def retry(config_path: Path, url: str | None, lane: str, entity: str) -> None:
    """Send the parked facts of ENTITY again, with the same keys."""
    print(_retried(_running(config_path, url), lane, entity))


@sync.command()
@config_option
@url_option
@click.argument("lane")
@click.argument("entity")
@click.option("--ref", "refs", multiple=True, metavar="THING:LOCAL=HQ", help="What HQ calls a thing of ours.")
@click.option("--told", metavar="NOTE", help="HQ was told by other means; the facts go no more. Say how.")
def repair(
    config_path: Path, url: str | None, lane: str, entity: str, refs: tuple[str, ...], told: str | None
) -> None:
    """Give ENTITY what is missing and send it again, or end it because HQ was told by other means."""
    if bool(refs) == (told is not None):
        raise Refusal("Give either --ref THING:LOCAL=HQ (it may be repeated) or --told NOTE.")
    running = _running(config_path, url)
    if told is not None:
        count = running.post(_lane(lane, f"parked/{quote(entity, safe='')}/settle"), {"note": told})["settled"]
        print(f"{count} facts of {entity} are ended: {told}")
        return
    running.post(_lane(lane, "refs"), {"refs": [_ref(text) for text in refs]})
    print(_retried(running, lane, entity))


@sync.command("call")
@config_option
@url_option
@click.argument("lane")
@click.argument("name", required=False)
@click.argument("parameters", nargs=-1, metavar="[KEY=VALUE]…")
@click.option("--body", help="The JSON body, or @FILE.")
def call_by_hand(
    config_path: Path, url: str | None, lane: str, name: str | None, parameters: tuple[str, ...], body: str | None
) -> None:
    """Make the call NAME of LANE's HQ by hand and print its answer; without NAME list what there is."""
    running = _running(config_path, url)
    if name is None:
        for known, call in running.get(_lane(lane, "calls"))["calls"].items():
            print(f"{known:32} {call['method']:6} {call['path']:52} {call['summary']}")
        return
    given = {"parameters": dict(_pair(each) for each in parameters), "body": _body(body)}
    answer = running.post(_lane(lane, f"calls/{quote(name, safe='')}"), given, timeout_s=SLOW_S)
    print(answer["status"])
    print(json.dumps(answer["body"], ensure_ascii=False, indent=2))
    if answer["status"] >= 400:  # noqa: PLR2004 -- the classes of refusals
        raise SystemExit(1)


@sync.command("dry-run")
@config_option
@url_option
@click.argument("lane")
@click.option("--bodies", is_flag=True, help="Show the bodies too: they may hold names and addresses.")
def dry_run(config_path: Path, url: str | None, lane: str, *, bodies: bool) -> None:
    """What would be sent now, what HQ changed meanwhile, and which refusals to expect. Sends nothing."""
    plan = _running(config_path, url).get(_lane(lane, "dry-run"), timeout_s=SLOW_S)
    print(f"To send: {len(plan['sending'])} requests" + (f", and {plan['more']} more facts" if plan["more"] else ""))
    for each in plan["sending"]:
        request = each["request"]
        words = f"{request['method']} {request['path']}" if request else each["sentence"]
        print(f"  {each['entity']}: {', '.join(dict.fromkeys(each['kinds']))}: {words}")
        if bodies and request:
            print(f"    {request['body']}")
    print(f"New at {lane}: {len(plan['news']) or 'nothing'}")
    for sentence in plan["news"]:
        print(f"  {sentence}")
    print(f"Refusals to expect: {len(plan['refusals']) or 'none'}")
    for each in plan["refusals"]:
        print(f"  {each['entity']}: {each['kind']}: {each['sentence']}")


@sync.command()
@config_option
@url_option
@click.argument("lane")
def reconcile(config_path: Path, url: str | None, lane: str) -> None:
    """Per order and line: what is here beside what LANE's HQ has. Ends with 1 when something differs for good."""
    found = _running(config_path, url).get(_lane(lane, "reconcile"), timeout_s=SLOW_S)
    for each in found["differences"]:
        here, there = (
            "not there" if each[side] is None else f"{each[side]} {each['what']}" for side in ("here", "there")
        )
        unsent = " (facts about it are not sent yet)" if each["unsent"] else ""
        print(f"{each['order_id']}  {each['sku']}: here {here}, at {lane} {there}{unsent}")
    print(f"{found['lines']} lines compared, {found['differing']} figures differ.")
    if any(not each["unsent"] for each in found["differences"]):
        raise SystemExit(1)


def _retried(running: Running, lane: str, entity: str) -> str:
    count = running.post(_lane(lane, f"parked/{quote(entity, safe='')}/retry"), {})["retried"]
    if not count:
        raise Refusal(f"Nothing of {entity} is parked for {lane}: `edge-agent sync parked {lane}` shows what is.")
    return f"{count} facts of {entity} go again."


def _ref(text: str) -> dict[str, str]:
    thing, colon, rest = text.partition(":")
    local_id, equals, hq_id = rest.rpartition("=")
    if not (thing and colon and local_id and equals and hq_id):
        raise Refusal(f"--ref wants THING:LOCAL=HQ, like order:F-17=INV-2041 (got {text}).")
    return {"thing": thing, "local_id": local_id, "hq_id": hq_id}


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise Refusal(f"A parameter is KEY=VALUE (got {text}).")
    return key, value


def _body(text: str | None) -> Any:
    if text is None:
        return None
    try:
        return json.loads(Path(text[1:]).read_text(encoding="utf-8") if text.startswith("@") else text)
    except (OSError, ValueError) as fault:
        raise Refusal(f"--body is not JSON: {fault}.") from None
