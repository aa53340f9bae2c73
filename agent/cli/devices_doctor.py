"""`edge-agent devices doctor NAME`: step by step to what is wrong with a device, and a file for whoever helps."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from agent import __version__
from agent.cli.calling import Running
from agent.cli.common import Refusal, config_option, settings_from, url_option
from agent.cli.devices_watch import told_by
from agent.cli.direct import built, named, run_for
from config import Settings
from devices.attending import Attendance
from devices.doctor import Verdict, plan_for
from devices.driver import Driver
from devices.probe import Finding, investigate, probe
from devices.recorder import Entry, Recorder, read_back, written
from devices.redaction import blurred, form_of, redacted
from devices.registry import DRIVERS
from devices.shown import Shown, as_json
from devices.transports import DeviceUnreachable


@click.command()
@config_option
@url_option
@click.argument("name")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="The report; else doctor-NAME.json."
)
def doctor(config_path: Path, url: str | None, name: str, out: Path | None) -> None:
    """Find out what is wrong with the device NAME. Ends with 1 when something is.

    It is read through the running agent or, where none runs, directly. The report holds no code that was scanned and
    no text of a label.
    """
    settings = settings_from(config_path)
    named(settings, name)
    examined = _Examined(settings, name, url)
    try:
        verdict = asyncio.run(examined.examine())
    except (KeyboardInterrupt, EOFError):
        raise Refusal("Stopped before there was a verdict.") from None
    print(f"\n{verdict.sentence}\n{verdict.next_step}".rstrip())
    path = out or Path(f"doctor-{name}.json")
    path.write_text(json.dumps(examined.report(verdict), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(f"What was found is in {path}; scanned codes and labels are changed in it, so it may be given away.")
    if verdict.code != "fine":
        raise SystemExit(1)


class _Examined:
    """One device under examination, through the agent where it runs."""

    def __init__(self, settings: Settings, name: str, url: str | None) -> None:
        self._settings, self._name, self._url = settings, name, url
        self._agent = Running(settings, url)
        self._driver: Driver = DRIVERS[settings.device_drivers()[name]]
        self._recorder = Recorder()
        self._attendance: Attendance | None = None
        self._reading: asyncio.Task[None] | None = None
        self._tape: list[Entry] = []

    async def examine(self) -> Verdict:
        """The plan for its kind, to the end."""
        attendance = self._attendance = Attendance(time.monotonic, _say, _ask, self._look)
        through_the_agent = await asyncio.to_thread(self._agent.answers)
        if through_the_agent:
            self._listen_to_the_agent(attendance)
        else:
            devices = built(self._settings, [self._name], self._recorder.tap)
            reading = run_for(self._settings, devices, lambda told: attendance.told(as_json(told)), None)
            self._reading = asyncio.create_task(reading, name=f"device {self._name}")
        try:
            return await attendance.carry_out(plan_for(self._name, self._driver))
        finally:
            await self._let_go()
            self._tape = self._recorder.entries(self._name)
            if through_the_agent:
                self._tape = read_back(self._agent.text(f"/v1/station/devices/{self._name}/tape"))

    def report(self, verdict: Verdict) -> dict[str, Any]:
        """What is written to the file: all of it redacted."""
        assert self._attendance is not None
        settings = self._settings.devices[self._name].model_dump(mode="json", exclude_defaults=True)
        return {
            "device": self._name,
            "driver": self._driver.name,
            "version": __version__,
            "settings": settings,
            "verdict": verdict._asdict(),
            "steps": [said._asdict() for said in self._attendance.said],
            "told": [_without_codes(shown) for shown in self._attendance.kept],
            "tape": written(redacted(self._tape, form_of(self._driver))).splitlines(),
        }

    def _listen_to_the_agent(self, attendance: Attendance) -> None:
        loop = asyncio.get_running_loop()

        def listen() -> None:
            with suppress(RuntimeError):  # the loop is closed: the examination is over
                for shown in told_by(self._settings, self._url, self._name):
                    if shown is not None:
                        loop.call_soon_threadsafe(attendance.told, shown)

        threading.Thread(target=listen, daemon=True).start()

    async def _look(self) -> Finding | None:
        """Probe the port, once our own reading has let go of it; not while the agent holds it."""
        port = getattr(self._settings.devices[self._name], "port", None)
        if self._reading is None or not isinstance(port, str):
            return None
        await self._let_go()
        probes = {name: each for name in DRIVERS if (each := DRIVERS[name].probe) is not None}
        try:
            return await probe(port, investigate(probes), time.monotonic)
        except DeviceUnreachable as fault:
            _say(fault.sentence)
            return None

    async def _let_go(self) -> None:
        reading, self._reading = self._reading, None
        if reading is not None:
            reading.cancel()
            await asyncio.wait([reading])


def _without_codes(shown: Shown) -> Shown:
    changed = dict(shown)
    if shown["kind"] == "scan":
        changed["data"] = blurred(bytes.fromhex(shown["data"])).hex()
    elif shown["kind"] == "bad_frame":
        changed["raw"] = blurred(bytes.fromhex(shown["raw"])).hex()
    return changed


def _say(sentence: str) -> None:
    print(sentence, flush=True)


async def _ask(sentence: str) -> str:
    print(sentence, flush=True)
    return await asyncio.to_thread(input)
