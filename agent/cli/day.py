"""`edge-agent day`: what the day came to and what is left, through the running agent; and its end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from agent.cli.calling import Running
from agent.cli.common import Refusal, config_option, settings_from, url_option

NOT_DONE = 1
_COUNTS = {
    "sealed": "parcels sealed",
    "dispatched": "parcels left",
    "manifests": "manifests closed",
    "unsealed": "parcels not sealed",
    "not_loaded": "sealed and not loaded",
    "labels_waiting": "labels wait",
    "unsent": "facts HQ was not told",
    "parked": "facts parked",
}


@click.command()
@config_option
@url_option
@click.option("--close", is_flag=True, help="Close the day, as the supervisor who is signed in at --at.")
@click.option("--at", "workplace", help="The workplace at which a supervisor is signed in.")
@click.option("--leave-open", is_flag=True, help="Close it although something is left.")
def day(config_path: Path, url: str | None, workplace: str | None, *, close: bool, leave_open: bool) -> None:
    """Show what the day came to and what is left of it. Ends with 1 where a close asks about what is left."""
    running = Running(settings_from(config_path), url)
    _show(running.get("/v1/station/day"))
    if not close:
        return
    if workplace is None:
        raise Refusal("Say with --at where a supervisor is signed in; the day is closed in their name.")
    import uuid_utils  # noqa: PLC0415 -- most commands need no ids

    body = {"command_id": str(uuid_utils.uuid7()), "workplace": workplace, "leave_open": leave_open}
    answer = running.post("/v1/station/day/close", body)["answer"]
    if answer["tone"] == "refused":
        raise Refusal(answer["text"])
    print(answer["text"])
    if answer["tone"] == "ask":
        raise SystemExit(NOT_DONE)


def _show(told: dict[str, Any]) -> None:
    print(f"{told['day']}{', closed' if told['closed'] else ''}")
    for name, words in _COUNTS.items():
        print(f"  {told[name]:>6}  {words}")
    for order in told["unsealed_orders"]:
        print(f"Not sealed: order {order}")
    for parcel in told["not_loaded_parcels"]:
        print(f"Not loaded: {parcel['sscc']} of order {parcel['order_id']}")
    for label in told["waiting_labels"]:
        print(f"Label {label['job_id']} at {label['workplace']} is {label['state']}")
    for manifest in told["open_manifests"]:
        print(f"Open: {manifest['manifest_id']} for {manifest['carrier']} at {manifest['dock']}")
