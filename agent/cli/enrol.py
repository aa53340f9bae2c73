"""`edge-agent enrol CODE`: this machine becomes a station, with the settings and the key that HQ keeps for it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import click

from agent import enrolment
from agent.cli.common import Refusal, config_option
from config import ConfigFaults
from config.writing import merged, toml_of, write_station


@click.command()
@config_option
@click.argument("code")
@click.option("--hq", "hq_url", help="HQ's address, where the code does not say it.")
@click.option("--tenant", default="main", show_default=True, help="Whose data this is at HQ (X-Tenant-ID).")
@click.option("--ca-file", default="", help="Certificates of a private authority that signed HQ's, as a PEM file.")
@click.option(
    "--overlay",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Tables of edge.toml for this machine alone, such as its devices; they count before those of HQ.",
)
def enrol(config_path: Path, code: str, hq_url: str | None, tenant: str, ca_file: str, overlay: Path | None) -> None:
    """Become a station: swap the office's one-time CODE for settings and key, and write edge.toml and the secret.

    Where another machine was this station, its key works no more from then on.
    """
    if config_path.exists():
        raise Refusal(f"{config_path} is there already: this machine is a station. Move it away to enrol it anew.")
    if (reason := enrolment.why_unwritable(config_path)) is not None:
        raise Refusal(reason)
    own = _overlay(overlay)
    try:
        url, bare = enrolment.address_and_code(code, hq_url)
        given = enrolment.redeem(url, bare, tenant, ca_file)
        tables = enrolment.filled(config_path, merged(given.tables, own))
        settings = write_station(config_path, tables, given.secrets, enrolment.load_settings)
    except enrolment.EnrolmentRefused as refusal:
        raise Refusal(str(refusal)) from None
    except ConfigFaults as faults:
        kept = _keep(config_path, enrolment.filled(config_path, merged(given.tables, own)))
        raise Refusal("\n".join([*faults.faults, f"The code is used. What HQ gave is in {kept}; {AGAIN}"])) from None
    print(f"{config_path}: this machine is {settings.station.id} now.")
    if given.replaces:
        print("Another machine was this station before: its key works no more. Switch it off.")
    print("Start it with `edge-agent install`, or `edge-agent run` to try it.")


def _overlay(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise Refusal(f"{path}: this is not TOML: {fault}.") from None


def _keep(config_path: Path, tables: dict[str, Any]) -> Path:
    """Beside edge.toml, without the key: a person sees what HQ said and what is wrong with it."""
    path = config_path.with_name(f"{config_path.name}.refused")
    path.write_text(toml_of(tables), encoding="utf-8")
    return path


AGAIN = "have it corrected at HQ or in your overlay, and ask for a new code."
