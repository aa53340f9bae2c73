"""The command line: `python -m hq --database FILE --dev-keys FILE`."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from ipaddress import ip_address
from pathlib import Path

import click
from aiohttp import web
from uuid_utils import uuid7

from hq import faults, keys
from hq.app import build_app
from hq.calls import Services
from hq.facades import facade
from hq.facades.facade import DIALECTS
from hq.store import Store, WrongDatabase
from web.guard import Doors

SHUTDOWN_TIMEOUT_S = 3.0


def check_loopback(_context: click.Context, _parameter: click.Parameter, host: str) -> str:
    """Plain HTTP is for loopback only. Raises click.BadParameter for any other address."""
    try:
        loopback = ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if not loopback:
        raise click.BadParameter(
            f"{host} is not a loopback address, and HQ speaks plain HTTP. Keep 127.0.0.1, put a TLS proxy before it "
            "and name the proxy's host with --allow-host."
        )
    return host


def check_prefix(_context: click.Context, _parameter: click.Parameter, prefix: str | None) -> str | None:
    """A GS1 company prefix, as in edge.toml. Raises click.BadParameter."""
    if prefix is not None and not re.fullmatch(r"[0-9]{7,10}", prefix):
        raise click.BadParameter(f"a GS1 company prefix has 7 to 10 digits (got {prefix}).")
    return prefix


@click.command()
@click.option("--database", type=click.Path(dir_okay=False, path_type=Path), required=True, help="SQLite file.")
@click.option("--host", default="127.0.0.1", show_default=True, callback=check_loopback, help="Loopback address.")
@click.option("--port", default=8700, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free port.")
@click.option("--allow-host", multiple=True, help="Another Host name to answer to, e.g. that of a TLS proxy.")
@click.option("--dialect", type=click.Choice(DIALECTS), default="ofs", show_default=True, help="The API it speaks.")
@click.option(
    "--key", "key_options", multiple=True, metavar="NAME:ROLE:SECRETFILE", help="A caller; may be repeated."
)
@click.option("--dev-keys", type=click.Path(dir_okay=False, path_type=Path), help="File with one key for each role.")
@click.option("--company-prefix", callback=check_prefix, help="GS1 prefix of the SSCCs leased to stations.")
@click.option("--extension-digit", default=4, show_default=True, type=click.IntRange(0, 9), help="Their first digit.")
@click.option("--faults", "faults_text", default="", help="Misbehave, e.g. 'lost_reply=0.05,seed=7'.")
@click.option("--strict", is_flag=True, help="An answer that breaks the contract is a 500: for tests.")
@click.option("--ready-file", type=click.Path(dir_okay=False, path_type=Path), help="Written once HQ listens.")
def main(
    database: Path,
    host: str,
    port: int,
    allow_host: tuple[str, ...],
    dialect: str,
    key_options: tuple[str, ...],
    dev_keys: Path | None,
    company_prefix: str | None,
    extension_digit: int,
    faults_text: str,
    strict: bool,  # noqa: FBT001 -- click gives it by name
    ready_file: Path | None,
) -> None:
    """Run a central fulfillment service on one SQLite file; the office speaks seed 001 to it in any case."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        callers = [keys.from_option(text) for text in key_options] + (keys.dev_keys(dev_keys) if dev_keys else [])
        known, wanted = keys.Keys(callers), faults.from_option(faults_text)
        store = Store(database, company_prefix, extension_digit)
    except (keys.BadKey, faults.BadFaults, WrongDatabase) as error:
        raise click.ClickException(str(error)) from error
    services = Services(store, known, lambda: datetime.now(UTC), lambda prefix: f"{prefix}_{uuid7().hex}")
    try:
        app = partial(build_app, services, wanted, facade=facade.load(dialect, services), strict=strict)
        asyncio.run(_serve(app, host, port, allow_host, ready_file))
    finally:
        store.close()


async def _serve(
    build: Callable[..., web.Application], host: str, port: int, allow_host: tuple[str, ...], ready: Path | None
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    names: set[str] = set()
    app = build(doors=lambda: Doors(frozenset(names), frozenset()))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_TIMEOUT_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        real_port = runner.addresses[0][1]
        shown = f"[{host}]" if ":" in host else host
        names |= {f"{shown}:{real_port}", f"localhost:{real_port}"}
        names |= {f"{name}{end}".lower() for name in allow_host for end in ("", f":{real_port}")}
        url = f"http://{shown}:{real_port}"
        if ready is not None:
            _write_ready(ready, url)
        click.echo(f"HQ listens on {url}")
        await stop.wait()
    finally:
        await runner.cleanup()


def _write_ready(file: Path, url: str) -> None:
    """Whoever sees the file sees all of it, and can connect."""
    partial = file.with_name(f"{file.name}.partial")
    partial.write_text(json.dumps({"url": url, "pid": os.getpid()}) + "\n", encoding="utf-8")
    partial.replace(file)


if __name__ == "__main__":
    main()
