"""`edge-agent stock …`: tell what was counted, through the running agent."""

from __future__ import annotations

from pathlib import Path

import click
import uuid_utils

from agent.cli.calling import Running
from agent.cli.common import Refusal, config_option, settings_from, url_option


@click.group()
def stock() -> None:
    """What there is, as somebody counted it."""


@stock.command()
@config_option
@url_option
@click.argument("sku")
@click.argument("qty")
@click.option("--location", help="Where it was counted; left out, QTY is all there is in the warehouse.")
@click.option("--badge", prompt="Badge of a supervisor", hide_input=True, help="Asked for when it is left out.")
def count(config_path: Path, url: str | None, sku: str, qty: str, location: str | None, badge: str) -> None:
    """There are QTY units of SKU, all of them counted: never a difference. Ends with 2 when it is not taken."""
    body = {"command_id": str(uuid_utils.uuid7()), "sku": sku, "qty": qty, "badge": badge}
    if location is not None:
        body["location_id"] = location
    answer = Running(settings_from(config_path), url).post("/v1/station/counts", body)["answer"]
    if answer["tone"] == "refused":
        raise Refusal(answer["text"])
    print(answer["text"])
