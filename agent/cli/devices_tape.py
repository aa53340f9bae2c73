"""`edge-agent devices record | replay`: what went over a device's wire, as a file, and back again."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from pathlib import Path

import click

from agent.cli.calling import Running
from agent.cli.common import Refusal, config_option, settings_from, url_option
from agent.cli.direct import built, named, run_for
from devices.recorder import Entry, Recorder, read_back, written
from devices.redaction import form_of, redacted
from devices.registry import DRIVERS


@click.command()
@config_option
@url_option
@click.argument("name")
@click.option("--seconds", type=click.IntRange(1, 86_400), help="Record so long from now; else what is kept already.")
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="The file; else it is printed.")
@click.option("--redact", is_flag=True, help="Change the digits and letters of codes and labels; weights stay.")
@click.option("--direct", is_flag=True, help="Read the port itself (give --seconds); only where no agent runs.")
def record(
    config_path: Path,
    url: str | None,
    name: str,
    seconds: int | None,
    out: Path | None,
    *,
    redact: bool,
    direct: bool,
) -> None:
    """Write what went over the wire of the device NAME, with its times."""
    settings = settings_from(config_path)
    named(settings, name)
    if direct:
        if seconds is None:
            raise Refusal("A direct recording needs an end: give --seconds.")
        recorder = Recorder()
        asyncio.run(run_for(settings, built(settings, [name], recorder.tap), lambda _told: None, seconds))
        entries = recorder.entries(name)
    else:
        entries = _of_the_agent(Running(settings, url), name, seconds)
    if redact:
        entries = redacted(entries, form_of(DRIVERS[settings.device_drivers()[name]]))
    if out is None:
        print(written(entries), end="")
    else:
        out.write_text(written(entries), encoding="utf-8")
        print(f"{out}: {len(entries)} entries of {name}.")


def _of_the_agent(agent: Running, name: str, seconds: int | None) -> list[Entry]:
    if seconds is None:
        return read_back(agent.text(f"/v1/station/devices/{name}/tape"))
    time.sleep(seconds)
    return read_back(agent.text(f"/v1/station/devices/{name}/tape?last_s={seconds}"))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--link", type=click.Path(path_type=Path), help="Path under which its terminal is found.")
@click.option("--tcp", is_flag=True, help="On a TCP port of this machine instead.")
def replay(file: Path, link: Path | None, *, tcp: bool) -> None:
    """Play the device's side of a recording, with its timing, to whoever opens the link or connects."""
    try:
        entries = read_back(file.read_text(encoding="utf-8"))
    except (ValueError, OSError) as fault:
        raise Refusal(f"{file}: {fault}.") from None
    with suppress(KeyboardInterrupt):
        asyncio.run(_replay(entries, link, tcp=tcp))


async def _replay(entries: list[Entry], link: Path | None, *, tcp: bool) -> None:
    from devices.simulators.replay import Replay  # noqa: PLC0415

    player = Replay(entries, link, tcp=tcp)
    await player.start()
    try:
        for setting, value in player.address.items():
            print(f"{setting} = {value!r}".replace("'", '"'), flush=True)
        await player.play()
        print(f"The recording is over: {player.sent} bytes played, {player.received} bytes heard.")
    finally:
        await player.stop()
