"""`/v1/setup/…`: what the page of the first run asks. All but the code wants the pass the code was swapped for."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, get_args

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from agent import __version__, enrolment, pins
from agent.api.access import IT
from agent.first_run import trying
from agent.passes import Passes
from config import ConfigFaults
from config.model import Language, WorkOfPlace
from config.writing import merged, write_station
from devices.registry import DRIVERS
from web.problems import Refused
from web.routes import ANYONE, RouteTable, body_of, json_answer, query_of

PROBE_DEADLINE_S = 90.0
TRIAL_S = 20.0
PIN_PATTERN = r"^\d{6,12}$"
Text = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
Tables = dict[str, Any]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)


class Code(_Body):
    """The one-time code as it stood on the terminal."""

    code: Text


class Search(_Body):
    """Whether the network is searched for printers too."""

    network: bool = False


class Port(_Body):
    """A serial port, and whether a scanner is meant: then somebody scans."""

    port: Text
    scanner: bool = False


class Trial(_Body):
    """A device as edge.toml would have it, without a name."""

    settings: Tables


class Shown(_Body):
    """What the office gave: an address with a code, or the code and the address."""

    code: Text
    hq: Text | None = None
    tenant: Text = "main"
    ca_file: str = ""


class Finish(_Body):
    """The tables of edge.toml, HQ's keys by name, and the PINs of people, which are not kept."""

    tables: Tables
    secrets: dict[str, Annotated[str, StringConstraints(max_length=8000)]] = Field(default_factory=dict)
    pins: dict[str, Annotated[str, StringConstraints(pattern=PIN_PATTERN)]] = Field(default_factory=dict)


class SetupRoutes:
    """The handlers of the first run. `written` is set once this machine is a station."""

    def __init__(self, config: Path, passes: Passes, tell_code: Callable[[], None]) -> None:
        self._config, self._passes, self._tell_code = config, passes, tell_code
        self._one_at_a_time = asyncio.Lock()
        self._enrolled: enrolment.Enrolled | None = None
        self.written = asyncio.Event()
        self.listen = ""
        """Where the screens are to be served, unless somebody says otherwise; empty for the usual place."""

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes, base = RouteTable(), "/v1/setup"
        routes.post(f"{base}/enter", ANYONE, body=Code)(self.enter)
        routes.get(f"{base}/start", IT)(self.start)
        routes.get(f"{base}/devices", IT, query=Search)(self.devices)
        routes.post(f"{base}/probe", IT, body=Port, deadline_s=PROBE_DEADLINE_S)(self.probe)
        routes.post(f"{base}/trial", IT, body=Trial, deadline_s=PROBE_DEADLINE_S)(self.trial)
        routes.post(f"{base}/test-print", IT, body=Trial, deadline_s=PROBE_DEADLINE_S)(self.test_print)
        routes.post(f"{base}/redeem", IT, body=Shown, deadline_s=PROBE_DEADLINE_S)(self.redeem)
        routes.post(f"{base}/finish", IT, body=Finish)(self.finish)
        return routes

    async def enter(self, request: web.Request) -> web.Response:
        """Swap the one-time code for a pass."""
        asked = await body_of(request, Code)
        key = self._passes.swap(asked.code)
        if key is None:
            if not self._passes.waits:
                self._tell_code()
            raise Refused(403, "wrong_code", WRONG_CODE)
        return json_answer({"key": key})

    async def start(self, _request: web.Request) -> web.Response:
        """What can be chosen, and where it is written."""
        kinds = {name: DRIVERS[name].kind for name in DRIVERS}
        return json_answer(
            {
                "file": str(self._config),
                "host": socket.gethostname(),
                "version": __version__,
                "works": list(get_args(WorkOfPlace)),
                "languages": list(get_args(Language)),
                "drivers": kinds,
            }
        )

    async def devices(self, request: web.Request) -> web.Response:
        """What is plugged in."""
        found, why = await trying.find(network=query_of(request, Search).network)
        return json_answer({"found": found, "why": why})

    async def probe(self, request: web.Request) -> web.Response:
        """What speaks on a serial port."""
        asked = await body_of(request, Port)
        async with self._one_at_a_time:
            return json_answer(await (trying.probe_scanner if asked.scanner else trying.probe_scale)(asked.port))

    async def trial(self, request: web.Request) -> web.Response:
        """Try a device: it has twenty seconds to do what it is for."""
        asked = await body_of(request, Trial)
        async with self._one_at_a_time:
            tried = await trying.listen(asked.settings, TRIAL_S)
        return json_answer({"works": tried.works, "told": tried.told})

    async def test_print(self, request: web.Request) -> web.Response:
        """Print a test on a printer."""
        asked = await body_of(request, Trial)
        async with self._one_at_a_time:
            return json_answer({"sentence": await trying.print_test(asked.settings, socket.gethostname())})

    async def redeem(self, request: web.Request) -> web.Response:
        """Swap the office's code; what it gave is held here, its key is never told to the page."""
        asked = await body_of(request, Shown)
        try:
            url, code = enrolment.address_and_code(asked.code, asked.hq)
            given = await asyncio.to_thread(enrolment.redeem, url, code, asked.tenant, asked.ca_file)
        except enrolment.EnrolmentRefused as refusal:
            raise Refused(409, "not_enrolled", str(refusal)) from refusal
        self._enrolled = given
        return json_answer({"tables": given.tables, "replaces": given.replaces})

    async def finish(self, request: web.Request) -> web.Response:
        """Check everything and write it: from then on this machine is a station."""
        asked = await body_of(request, Finish)
        tables = await asyncio.to_thread(_with_pins, asked.tables, asked.pins)
        given = self._enrolled
        secrets = {**(given.secrets if given else {}), **asked.secrets}
        if given is not None:
            tables = merged(given.tables, tables)
        if self.listen:
            tables = merged({"station": {"listen": self.listen}}, tables)
        try:
            tables = enrolment.filled(self._config, tables)
            settings = write_station(self._config, tables, secrets, enrolment.load_settings)
        except ConfigFaults as faults:
            raise Refused(422, "faults", faults.faults[0], faults.faults) from faults
        except OSError as error:
            raise Refused(409, "not_written", f"{self._config} could not be written: {error}.") from error
        self.written.set()
        return json_answer({"station": settings.station.id, "url": f"http://{settings.station.listen}"}, 201)


def _with_pins(tables: Tables, given: dict[str, str]) -> Tables:
    """What stands for each PIN, in the place of the PIN."""
    hashes = {worker: {"pin_hash": pins.make(pin)} for worker, pin in given.items()}
    return merged(tables, {"workers": hashes}) if hashes else tables


WRONG_CODE = "This code is wrong, used or older than ten minutes. Look at the terminal: a new one may stand there."
