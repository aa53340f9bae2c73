"""The command line `edge-agent`: each command is imported only when it is used."""

from __future__ import annotations

import gc

import click

from agent import __version__
from agent.cli.lazy import LazyGroup

gc.disable()  # importing makes nothing worth collecting; a tenth of the start was spent looking. See memory.py.

COMMANDS = {
    "run": "agent.cli.run:run",
    "demo": "agent.cli.demo:demo",
    "setup": "agent.cli.setup:setup",
    "enrol": "agent.cli.enrol:enrol",
    "train": "agent.cli.train:train",
    "install": "agent.cli.install:install",
    "check-config": "agent.cli.check_config:check_config",
    "status": "agent.cli.status:status",
    "it-code": "agent.cli.it_code:it_code",
    "verify": "agent.cli.store:verify",
    "store": "agent.cli.store:store",
    "backup": "agent.cli.backup:backup",
    "restore": "agent.cli.backup:restore",
    "salvage": "agent.cli.salvage:salvage",
    "rebuild": "agent.cli.salvage:rebuild",
    "hq": "agent.cli.hq:hq",
    "sync": "agent.cli.sync:sync",
    "settle": "agent.cli.settle:settle",
    "work": "agent.cli.work:work",
    "labels": "agent.cli.labels:labels",
    "stock": "agent.cli.stock:stock",
    "slip": "agent.cli.slip:slip",
    "day": "agent.cli.day:day",
    "proof": "agent.cli.proof:proof",
    "people": "agent.cli.people:people",
    "site-ca": "agent.cli.site_ca:site_ca",
    "devices": "agent.cli.devices:devices",
    "simulate": "agent.cli.simulate:simulate",
}


@click.group(cls=LazyGroup, targets=COMMANDS)
@click.version_option(__version__, prog_name="edge-agent")
def main() -> None:
    """Warehouse edge agent: scanners, scales, label printers, floor work and sync with HQ."""


if __name__ == "__main__":
    main()
