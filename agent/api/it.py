"""`/v1/station/it/…`: the machine as those see it who look after it. A screen may read how things are, no more."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints

from agent.api import it_shapes
from agent.api.access import CARERS, OPERATOR, SCREEN, STATION_KEY, caller_of
from agent.api.devices import DeviceWatch
from agent.api.station import Station
from agent.floor.view_parts import when
from agent.floor.views import lanes_view
from agent.lanes import Lanes
from agent.passes import CODE_S
from config import Settings
from config.sources import Source, settings_shown
from devices.readings import BadFrame, DeviceState, Reading, Scan
from devices.recorder import Entry, Recorder
from devices.shown import told_of
from local_store.clock import Clock, timestamp
from web.problems import Refused
from web.routes import RouteTable, body_of, json_answer

NEWEST = 40
"""Entries of a wire that are shown at once."""
SHOWN_BYTES = 64
"""Of one entry."""
_WIRE = ("usb", "serial_port", "node", "queue", "port")
"""The settings that say how a device without a host is plugged in; the first that is set."""
_FIRST_PRINTABLE, _LAST_PRINTABLE = 0x20, 0x7E
_CONTROLS = (
    *("NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI"),
    *("DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US"),
)
"""What each control character is called: few fonts have the signs that Unicode has for them."""


class CodeShown(BaseModel):
    """The one-time code as it stood on the terminal."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    code: Annotated[str, StringConstraints(min_length=4, max_length=40)]


@dataclass
class Machine:
    """The parts of a running agent that IT looks at."""

    settings: Settings
    source: Source | None
    """edge.toml as it was read; None where the agent was built without a file."""
    file: Path | None
    station: Station
    lanes: Lanes
    states: Mapping[str, DeviceState]
    kinds: Mapping[str, str]
    commands: Callable[[str], list[str]]
    recorder: Recorder
    watch: DeviceWatch
    clock: Clock
    mono_s: Callable[[], float]


class ItRoutes:
    """The handlers of IT's page, but those that act on a device."""

    def __init__(self, machine: Machine) -> None:
        self._of = machine

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes, base = RouteTable(), "/v1/station/it"
        routes.get(base, SCREEN, *CARERS, answers=it_shapes.ItView)(self.view)
        routes.get(f"{base}/sheet", SCREEN, *CARERS, gives="text/html")(self.sheet)
        routes.get(f"{base}/settings", *CARERS, answers=it_shapes.SettingsShown, more=(404,))(self.settings)
        routes.get(f"{base}/devices/{{name}}/bytes", *CARERS, answers=it_shapes.Chunks)(self.bytes)
        routes.post(f"{base}/codes", OPERATOR, answers=it_shapes.ItCode)(self.offer)
        routes.post(f"{base}/enter", SCREEN, body=CodeShown, answers=it_shapes.ItPass)(self.enter)
        return routes

    async def view(self, request: web.Request) -> web.Response:
        """Devices as they are plugged in, lanes, store and problems, for IT's page; nothing that was scanned."""
        of, station = self._of, self._of.station
        (facts,) = station.store.reader.execute("SELECT coalesce(max(seq), 0) FROM journal").fetchone()
        return json_answer(
            {
                "station": station.strip.site.station_id,
                "version": station.version,
                "language": station.strip.site.language,
                "training": station.strip.training,
                "now": timestamp(of.clock.wall_ms()),
                "carer": bool(caller_of(request).roles & set(CARERS)),
                "facts": facts,
                "epoch": station.store.epoch,
                "places": self._places(),
                "lanes": self._lanes(),
                "disk": station.disk(),
                "store": station.care(),
                "identity": station.identity(),
                "problems": [problem.as_json() for problem in station.strip.problems.open()],
            }
        )

    async def settings(self, _request: web.Request) -> web.Response:
        """Every setting in force with its line in edge.toml, or as the usual value; secrets are never shown."""
        source = self._of.source
        if source is None or self._of.file is None:
            raise Refused(404, "no_file", "This agent was not started from an edge.toml.")
        try:
            changed = self._of.file.read_text(encoding="utf-8") != source.text
        except (OSError, UnicodeDecodeError):
            changed = True
        found = settings_shown(self._of.settings, source.text)
        sections = [
            {"section": name, "settings": [_setting(each) for each in some]}
            for name, some in groupby(found, lambda each: each.section)
        ]
        return json_answer({"file": source.name, "changed": changed, "sections": sections})

    async def bytes(self, request: web.Request) -> web.Response:
        """The newest bytes on a device's wire, as hex and as text."""
        name = request.match_info["name"]
        if name not in self._of.states:
            known = ", ".join(self._of.states) or "none"
            raise Refused(404, "no_device", f"There is no device {name[:40]!r} in edge.toml; there is {known}.")
        now = self._of.mono_s()
        entries = self._of.recorder.entries(name)[-NEWEST:]
        return json_answer({"chunks": [_chunk(entry, now) for entry in entries]})

    async def sheet(self, _request: web.Request) -> web.Response:
        """The calibration sheet for scanners, to print."""
        from agent.calibration_page import STYLE, calibration_page  # noqa: PLC0415 -- only for whoever prints it

        style = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
        policy = f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; frame-ancestors 'none'"
        headers = {"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff"}
        return web.Response(text=calibration_page(), content_type="text/html", charset="utf-8", headers=headers)

    async def offer(self, request: web.Request) -> web.Response:
        """A one-time code that opens IT's page on this machine."""
        code = request.app[STATION_KEY].passes.offer()
        return json_answer({"code": code, "minutes": int(CODE_S // 60)})

    async def enter(self, request: web.Request) -> web.Response:
        """Swap the one-time code for a pass; on the screens of this machine only."""
        asked = await body_of(request, CodeShown)
        key = None if request.secure else request.app[STATION_KEY].passes.swap(asked.code)
        if key is None:
            raise Refused(403, "wrong_code", WRONG_CODE)
        return json_answer({"key": key})

    def _places(self) -> list[dict[str, Any]]:
        settings = self._of.settings
        used = {name for place in settings.workplaces.values() for name in place.devices}
        free = [name for name in settings.devices if name not in used]
        places: list[tuple[str, str, tuple[str, ...]]] = [
            (name, place.work, place.devices) for name, place in settings.workplaces.items()
        ]
        if free:
            places.append(("", "", tuple(free)))
        return [
            {"workplace": name, "work": work, "devices": self._devices(devices)} for name, work, devices in places
        ]

    def _devices(self, names: Iterable[str]) -> list[dict[str, Any]]:
        of, drivers = self._of, self._of.settings.device_drivers()
        return [
            {
                "name": name,
                "driver": drivers[name],
                "kind": of.kinds[name],
                "state": of.states[name].state,
                "sentence": of.states[name].sentence,
                "next_step": of.states[name].next_step,
                "commands": of.commands(name),
                "wire": wire_of(of.settings.devices[name]),
                "last": self._last(of.watch.last.get(name)),
            }
            for name in names
        ]

    def _last(self, reading: Reading | None) -> dict[str, Any] | None:
        if reading is None:
            return None
        at_ms = self._of.clock.wall_ms() - int((self._of.mono_s() - reading.t_mono) * 1000)
        told: dict[str, Any] = {"text": "", "characters": 0, "symbology": None, "at": timestamp(at_ms)}
        if isinstance(reading, Scan):
            return told | {"kind": "scan", "characters": len(reading.data), "symbology": reading.symbology}
        if isinstance(reading, BadFrame):
            return told | {"kind": "bad_frame", "text": reading.why, "characters": len(reading.raw)}
        return told | {"kind": "weight", "text": told_of(reading)}

    def _lanes(self) -> list[dict[str, Any]]:
        of, pulses = self._of, self._of.lanes.pulses()
        found = []
        for lane in lanes_view(of.station.store.reader, of.station.strip):
            hq, pulse = of.settings.hq[lane["lane"]], pulses[lane["lane"]]
            more = {
                "dialect": hq.dialect,
                "url": str(hq.url),
                "answered_at": when(pulse.answered_ms),
                "next_try_at": when(pulse.next_try_ms),
                "requests": {each.value: many for each, many in of.lanes.outcomes(lane["lane"]).items()},
            }
            found.append(lane | more)
        return found


def wire_of(model: BaseModel) -> str:
    """How a device is plugged in, as edge.toml says it."""
    host = getattr(model, "host", None)
    if host is not None:
        return f"{host}:{getattr(model, 'port', '')}".rstrip(":")
    said = (getattr(model, name, None) for name in _WIRE)
    return next((str(each) for each in said if each is not None), "")


def readable(data: bytes) -> str:
    """Bytes as text in which each control character is seen."""
    return "".join(_sign(byte) for byte in data)


def _sign(byte: int) -> str:
    if _FIRST_PRINTABLE <= byte <= _LAST_PRINTABLE:
        return chr(byte)
    return f"<{_CONTROLS[byte]}>" if byte < _FIRST_PRINTABLE else "·"


def _chunk(entry: Entry, now: float) -> dict[str, Any]:
    some = entry.data[:SHOWN_BYTES]
    is_note = entry.direction == "note"
    return {
        "way": entry.direction,
        "age_ms": max(0, int((now - entry.t_mono) * 1000)),
        "hex": "" if is_note else some.hex(" "),
        "text": some.decode("utf-8", "replace") if is_note else readable(some),
        "bytes": len(entry.data),
    }


def _setting(each: Any) -> dict[str, Any]:
    return {"key": each.key, "value": each.value, "line": each.line, "description": each.description}


WRONG_CODE = "This code is wrong, used or older than ten minutes. Run `edge-agent it-code` on this machine again."
