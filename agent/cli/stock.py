"""`edge-agent stock …`: tell what was counted, through the running agent."""

from __future__ import annotations

from pathlib import Path

import click
import uuid_utils

from agent.cli.calling import Running
from agent.cli.common import Refusal, config_option, settings_from, url_option


@click.group()
def stock() -> None:
    """What there is: as somebody counted it, and whether it adds up."""


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


@stock.command()
@config_option
@url_option
def check(config_path: Path, url: str | None) -> None:
    """Whether goods are conserved: all that came is here or gone out. Ends with 1 where something does not add up."""
    told = Running(settings_from(config_path), url).get("/v1/station/stock/check")
    for each in told["items"]:
        if each["unbalanced"] != "0":
            print(
                f"{each['sku']}: received {each['received']}, adjusted {each['adjusted']}, from elsewhere"
                f" {each['elsewhere']}; on hand {each['on_hand']}, shipped {each['shipped']}:"
                f" {each['unbalanced']} appeared or went. Run `edge-agent rebuild`."
            )
        else:
            print(f"{each['sku']}: more was taken from {each['below_zero']} shelves than was known of. Count them.")
    if not told["conserved"]:
        raise click.exceptions.Exit(1)
    print(f"Goods are conserved: {told['products']} products.")
