"""The routes of packing with the shapes of HQ, and what only a station does about parcels."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

from agent.api.access import SCREEN, caller_of
from agent.api.acts import add_acts
from agent.api.around import Around
from agent.api.deciding import in_words
from agent.api.idempotency import command_id_of
from local_store.domain import commands as c
from local_store.domain import states
from local_store.domain.events import Dimensions
from local_store.domain.pack_work import PackWork
from local_store.domain.words import Tone
from local_store.loading_packs import load_pack
from local_store.store import Store
from web.problems import Refused
from web.routes import RouteTable, body_of, json_answer

MG_PER_G, MM_PER_CM = 1000, 10
ROLES = (SCREEN, *sorted(c.PACKERS))
_UNKNOWN = frozenset({"pack.unknown", "pack.no_package"})
_DATA = frozenset(
    {"pack.too_many", "pack.wrong_weight", "pack.no_lines", "pack.item_wrong", "pack.serial_twice"}
    | {"pack.serial_packed", "pack.serial_not_picked", "pack.session_of_other", "pack.package_taken"}
)
"""Refusals of what was sent; any other is of the state that things are in."""
Number = Annotated[
    Decimal,
    PlainSerializer(lambda value: int(value) if value == int(value) else float(value), when_used="json"),
]
"""A JSON number, as HQ has it; JSON knows no decimals."""
Centimetres = Annotated[Decimal, Field(gt=0, le=2000, decimal_places=1)]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class OpenSession(_Body):
    """A worker at a pack station."""

    worker_id: c.Id
    fulfillment_id: c.Id | None = None


class Session(OpenSession):
    """The session that is open now."""

    session_id: str
    station_id: str


class Dims(_Body):
    """Outer size in centimetres."""

    l: Centimetres  # noqa: E741 -- the seed's name
    w: Centimetres
    h: Centimetres


class Item(_Body):
    """Units of one line in a package."""

    line_id: c.Id
    qty: Annotated[int, Field(gt=0, le=1_000_000)]
    serials: Annotated[tuple[c.Id, ...], Field(max_length=1000)] = ()


class Package(_Body):
    """A package as packed; weight in grams. `metadata.weight_reason` accepts a weight out of tolerance."""

    package_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")] | None = None
    weight: Annotated[int, Field(gt=0, le=50_000_000)]
    dims: Dims | None = None
    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=1000)]
    metadata: dict[str, str] = Field(default_factory=dict, max_length=20)


class Pack(_Body):
    """What went into packages."""

    fulfillment_ids: Annotated[tuple[c.Id, ...], Field(min_length=1, max_length=c.MOST_PARCELS)]
    packages: Annotated[tuple[Package, ...], Field(min_length=1, max_length=c.MOST_PARCELS)]


class PackageName(BaseModel):
    """The id of a package, and the one the caller gave it."""

    package_id: str
    client_package_id: str | None


class Packed(BaseModel):
    """The packages, and whether all of their orders are packed."""

    packages: tuple[PackageName, ...]
    ready_to_ship: bool


class Seal(_Body):
    """The package to close."""

    package_id: c.Id


class SealedItem(BaseModel):
    """What a closed package holds of a line."""

    line_id: str
    qty: Number
    serials: tuple[str, ...]


class SealedPackage(BaseModel):
    """A closed package: grams, centimetres."""

    package_id: str
    weight: int
    dimensions: dict[str, Number] | None
    items: tuple[SealedItem, ...]
    sscc: str
    sealed: bool
    shipment_id: str | None
    metadata: dict[str, Any]
    label: dict[str, str]


def routes(around: Around) -> RouteTable:
    """Every route with the roles that may call it."""
    table, made = RouteTable(), _Packing(around.store)
    at = "/v1/fulfillment/pack-stations/{station_id}"
    table.post(f"{at}/open-session", *ROLES, body=OpenSession, answers=Session, status=201)(made.open_session)
    table.post(f"{at}/pack", *ROLES, body=Pack, answers=Packed)(made.pack)
    table.post(f"{at}/seal", *ROLES, body=Seal, answers=SealedPackage)(made.seal)
    add_acts(
        table,
        around.store,
        {
            "/v1/station/packages/{package_id}/void": c.VoidPackage,
            "/v1/station/fulfillments/{fulfillment_id}/request-shipment": c.RequestShipment,
        },
    )
    return table


class _Packing:
    """The handlers of a pack station; each call is one command, and so is decided whole."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def open_session(self, request: web.Request) -> web.Response:
        """A worker begins at a pack station."""
        body = await body_of(request, OpenSession)
        command = c.OpenPackSession(
            **self._by(request), session_of=body.worker_id, fulfillment_id=body.fulfillment_id
        )
        await self._do(command)
        session_id = f"session_{command.command_id.hex}"
        told = Session(session_id=session_id, station_id=command.workplace, **body.model_dump())
        return json_answer(told, 201)

    async def pack(self, request: web.Request) -> web.Response:
        """Packages that were packed and weighed: all of them are kept, or none."""
        body, by = await body_of(request, Pack), self._by(request)
        names = [each.package_id or f"pkg_{by['command_id'].hex}_{n}" for n, each in enumerate(body.packages, 1)]
        given = tuple(_given(each, name) for each, name in zip(body.packages, names, strict=True))
        await self._do(c.RecordPack(**by, fulfillment_ids=body.fulfillment_ids, packages=given))
        works = [self._work(each) for each in body.fulfillment_ids]
        ready = all(work is not None and all(line.wanted <= 0 for line in work.lines) for work in works)
        told = [
            PackageName(package_id=name, client_package_id=each.package_id)
            for each, name in zip(body.packages, names, strict=True)
        ]
        return json_answer(Packed(packages=tuple(told), ready_to_ship=ready))

    async def seal(self, request: web.Request) -> web.Response:
        """Close a package: its contents are frozen and its label is awaited."""
        body = await body_of(request, Seal)
        await self._do(c.SealPackage(**self._by(request), package_id=body.package_id))
        return json_answer(_sealed(self._store.reader, body.package_id))

    def _by(self, request: web.Request) -> dict[str, Any]:
        """Who does it and where. Raises Refused 404 for what is no pack station here."""
        station_id, site = request.match_info["station_id"], self._store.site
        stations = [name for name, work in site.workplaces.items() if work == "pack"]
        if station_id == site.station_id and len(stations) == 1:
            station_id = stations[0]
        if station_id not in stations:
            known = ", ".join(stations) or "none"
            raise Refused(
                404, "no_pack_station", f"There is no pack station {station_id[:40]!r} here; there is {known}."
            )
        return {
            "command_id": command_id_of(request),
            "workplace": station_id,
            "worker_id": caller_of(request).worker_id,
        }

    async def _do(self, command: c.WorkerCommand) -> None:
        """Raises Refused with the sentence of a floor refusal."""
        with in_words():
            answer = (await self._store.execute(command)).answer
        if answer.tone in {Tone.REFUSED, Tone.ASK}:
            status = 404 if answer.code in _UNKNOWN else 422 if answer.code in _DATA else 409
            raise Refused(status, answer.code, answer.text)

    def _work(self, fulfillment_id: str) -> PackWork | None:
        return load_pack(self._store.reader, fulfillment_id)


def _given(package: Package, name: str) -> c.GivenPackage:
    size = None
    if package.dims is not None:
        long, wide, high = (int(each * MM_PER_CM) for each in (package.dims.l, package.dims.w, package.dims.h))
        size = Dimensions(length_mm=long, width_mm=wide, height_mm=high)
    return c.GivenPackage(
        package_id=name,
        weight_mg=package.weight * MG_PER_G,
        size=size,
        items=tuple(
            c.GivenItem(line_id=each.line_id, qty=Decimal(each.qty), serials=each.serials) for each in package.items
        ),
        weight_reason=package.metadata.get("weight_reason"),
    )


def _sealed(db: sqlite3.Connection, package_id: str) -> SealedPackage:
    row = db.execute(
        "SELECT fulfillment_id, status, sscc, weight_mg FROM package WHERE package_id = ?", (package_id,)
    ).fetchone()
    work = load_pack(db, row["fulfillment_id"])
    assert work is not None
    parcel = next(each for each in work.parcels if each.package_id == package_id)
    size = parcel.dimensions
    lengths = {"l": size.length_mm, "w": size.width_mm, "h": size.height_mm} if size else None
    serials: dict[str, list[str]] = {}
    for unit in work.units:
        if unit.package_id == package_id and unit.serial is not None:
            serials.setdefault(unit.order_line_id, []).append(unit.serial)
    return SealedPackage(
        package_id=package_id,
        weight=round(Decimal(row["weight_mg"]) / MG_PER_G),
        dimensions={name: Decimal(mm) / MM_PER_CM for name, mm in lengths.items()} if lengths else None,
        items=tuple(
            SealedItem(line_id=line_id, qty=qty, serials=tuple(sorted(serials.get(line_id, ()))))
            for line_id, qty in work.contents(parcel).items()
        ),
        sscc=row["sscc"],
        sealed=row["status"] == states.Package.SEALED,
        shipment_id=None,
        metadata={},
        label={"status": "label_pending"},
    )
