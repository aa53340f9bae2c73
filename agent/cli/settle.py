"""`edge-agent settle`: tell the running agent that a person has looked."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path

import click

from agent.cli.common import Refusal, config_option, settings_from

TIMEOUT_S = 10


@click.command()
@config_option
@click.option("--url", help="Address of the agent, when it is not the one in edge.toml.")
@click.option("--note", required=True, help="What was found, in a few words; it is kept with the fact.")
@click.argument("what")
def settle(config_path: Path, url: str | None, note: str, what: str) -> None:
    """Settle `fence`, or a conflict by its name as `status` shows it, after somebody has looked."""
    settings = settings_from(config_path)
    address = url or f"http://{settings.station.listen}"
    key_file = settings.station.data_dir / "station.key"
    try:
        key = key_file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise Refusal(f"{key_file}: cannot be read ({error.strerror}); run this as the agent's user.") from None
    request = urllib.request.Request(  # noqa: S310 -- our own address
        f"{address}/v1/station/settle",
        data=json.dumps({"what": what, "note": note}).encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S):  # noqa: S310
            print(f"{what} is settled.")
    except urllib.error.HTTPError as refused:
        raise Refusal(json.load(refused)["error"]["message"]) from None
    except (urllib.error.URLError, TimeoutError) as error:
        reason = getattr(error, "reason", error)
        raise Refusal(
            f"{address}: no agent answers ({reason}). Is it running? `systemctl status edge-agent`."
        ) from None
