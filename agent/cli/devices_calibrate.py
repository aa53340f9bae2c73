"""`edge-agent devices calibrate`: a printed sheet of known codes tells how a scanner is set, and what to write."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from pathlib import Path

import click

from agent.cli.common import Refusal, config_option, settings_from
from agent.cli.direct import built, named, run_for
from devices.calibration import SHEET, Learned, SheetCode, learn
from devices.recorder import Recorder

SCAN_S = 60.0
QUIET_S = 0.6
LOOK_EVERY_S = 0.1


@click.command()
@config_option
@click.argument("name", required=False)
@click.option(
    "--page", type=click.Path(path_type=Path, dir_okay=False), help="Only write the sheet, as HTML to print."
)
def calibrate(config_path: Path, name: str | None, page: Path | None) -> None:
    """Learn from scans of the printed sheet how the scanner NAME is set, while no agent uses it.

    Ends with 1 when something is to be changed on the scanner itself.
    """
    if page is not None:
        from agent.calibration_page import calibration_page  # noqa: PLC0415 -- only for whoever prints it

        page.write_text(calibration_page(), encoding="utf-8")
        print(f"{page}: print it at full size, then run `edge-agent devices calibrate NAME`.")
        return
    if name is None:
        raise Refusal("Name the scanner, or give --page FILE to write the sheet.")
    settings = settings_from(config_path)
    named(settings, name)
    driver = settings.device_drivers()[name]
    if driver not in ("keyboard_scanner", "serial_scanner"):
        raise Refusal(f"'{name}' has the driver {driver}; only keyboard_scanner and serial_scanner are calibrated.")
    recorder = Recorder()

    async def scanned() -> dict[str, bytes]:
        running = asyncio.create_task(
            run_for(settings, built(settings, [name], recorder.tap), lambda _told: None, None)
        )
        try:
            return {code.id: await _scan_of(code, recorder, name) for code in SHEET}
        finally:
            running.cancel()
            await asyncio.wait([running])

    with suppress(KeyboardInterrupt):
        learned = learn(
            asyncio.run(scanned()), "keyboard_scanner" if driver == "keyboard_scanner" else "serial_scanner"
        )
        _tell(name, learned)
        if not learned.complete:
            raise SystemExit(1)


async def _scan_of(code: SheetCode, recorder: Recorder, name: str) -> bytes:
    """What came for one code, as it came; empty when nothing did in time."""
    print(f"Scan: {code.title}", flush=True)
    before, waited_s, quiet_s, came = len(recorder.entries(name)), 0.0, 0.0, b""
    while waited_s < SCAN_S and quiet_s < QUIET_S:
        await asyncio.sleep(LOOK_EVERY_S)
        waited_s += LOOK_EVERY_S
        entries = [entry for entry in recorder.entries(name)[before:] if entry.direction == "in"]
        now = b"".join(entry.data for entry in entries)
        quiet_s = quiet_s + LOOK_EVERY_S if now and now == came else 0.0
        came = now
    return came


def _tell(name: str, learned: Learned) -> None:
    for sentence in learned.sentences:
        print(sentence)
    if learned.understood and learned.settings:
        print(f"Under [devices.{name}] in edge.toml:")
        for key, value in learned.settings.items():
            print(f"{key} = {json.dumps(list(value) if isinstance(value, tuple) else value)}")
    elif learned.complete:
        print("Every code came as it is printed: nothing to change.")
