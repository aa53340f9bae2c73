"""`edge-agent check-config`: say everything that is wrong with edge.toml, or that nothing is."""

from __future__ import annotations

from pathlib import Path

import click

from agent.cli.common import Refusal, config_option, settings_from
from agent.labels.library import FOLDER, load_site, sizes_of
from agent.labels.template import TemplateFault
from config import ConfigFaults, read_secret


@click.command("check-config")
@config_option
def check_config(config_path: Path) -> None:
    """Check edge.toml, the secrets it names and the label templates beside it; nothing is started."""
    settings = settings_from(config_path)
    faults: list[str] = []
    for hq in settings.hq.values():
        try:
            read_secret(hq.secret, config_path.parent)
        except ConfigFaults as fault:
            faults += fault.faults
    try:
        load_site(config_path.parent / FOLDER, sizes_of(settings))
    except TemplateFault as fault:
        faults += fault.faults
    if faults:
        raise Refusal("\n".join(faults))
    print(
        f"{config_path.name} is fine: station {settings.station.id}, {len(settings.workplaces)} workplaces, "
        f"{len(settings.devices)} devices, {len(settings.hq)} HQs, {len(settings.workers)} workers."
    )
