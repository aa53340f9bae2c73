"""`edge-agent slip`: print a slip at a receipt printer of the running agent, or show it as text without one."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import click

from agent.cli.common import Refusal, config_option, settings_from

TIMEOUT_S = 120
"""Longer than the agent waits for its printer."""
COLUMNS = 60
EXIT_NOT_SURE = 1


@click.command()
@config_option
@click.argument("kind", type=click.Choice(["packing", "pick", "discrepancy", "shift", "manifest"]))
@click.argument("of", default="")
@click.option("--at", "workplace", help="Workplace whose receipt printer prints; needed where there are several.")
@click.option("--hours", type=click.IntRange(1, 168), default=8, show_default=True, help="Of a shift report.")
@click.option("--text", is_flag=True, help="Show it as text: needs no printer, no screen and no running agent.")
@click.option("--url", help="Address of the agent, when it is not the one in edge.toml.")
def slip(
    config_path: Path, kind: str, of: str, workplace: str | None, hours: int, url: str | None, *, text: bool
) -> None:
    """Print a packing, pick, discrepancy or manifest slip OF an order, picklist or manifest, or the shift report.

    Ends with 1 when it is not certain that the slip came out.
    """
    settings = settings_from(config_path)
    if text:
        _show(settings, kind, of, hours)
        return
    asked = {"kind": kind, "id": of, "workplace": workplace, "hours": hours}
    address = url or f"http://{settings.station.listen}"
    said = _ask(f"{address}/v1/station/slips", settings.station.data_dir / "station.key", asked)["slip"]
    print(" ".join(filter(None, (said["sentence"], said["next_step"]))))
    if said["result"] != "printed":
        raise SystemExit(EXIT_NOT_SURE)


def _show(settings: Any, kind: Any, of: str, hours: int) -> None:
    from agent.slips.counter import Wanted, document_of  # noqa: PLC0415 -- not for every command
    from agent.slips.gather import NoSlip  # noqa: PLC0415
    from agent.slips.layout import as_lines  # noqa: PLC0415
    from local_store.clock import SystemClock  # noqa: PLC0415
    from local_store.database import FILE_NAME  # noqa: PLC0415
    from local_store.domain.site import PickingRules  # noqa: PLC0415

    path = settings.station.data_dir / FILE_NAME
    if not path.exists():
        raise Refusal(f"{path}: there is no store here yet.")
    try:
        station, now_ms = settings.station, SystemClock().wall_ms()
        rules = PickingRules(**settings.picking.model_dump())
        document = document_of(path, Wanted(kind, of, hours), station.id, now_ms, station.timezone, rules)
    except NoSlip as none:
        raise Refusal(str(none)) from none
    print("\n".join(as_lines(document, COLUMNS)))


def _ask(url: str, key_file: Path, body: dict[str, Any]) -> dict[str, Any]:
    try:
        key = key_file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise Refusal(
            f"{key_file}: cannot be read ({error.strerror}); run this as the agent's user or root."
        ) from None
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310 -- our own address
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            found: dict[str, Any] = json.load(answer)
            return found
    except urllib.error.HTTPError as refused:
        raise Refusal(json.load(refused)["error"]["message"]) from None
    except (urllib.error.URLError, TimeoutError) as error:
        reason = getattr(error, "reason", error)
        raise Refusal(
            f"{url}: no agent answers ({reason}). Is it running? `systemctl status edge-agent`. "
            "`--text` shows the slip without it."
        ) from None
