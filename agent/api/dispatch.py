"""The routes of loading, manifests and notices: HQ's own (seed 001) for people with a key, and the station's."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from agent import dispatch_shapes as shapes
from agent.api.access import SCREEN, caller_of
from agent.api.acts import add_acts
from agent.api.around import Around
from agent.api.deciding import in_words
from agent.api.idempotency import command_id_of
from local_store.domain import commands as c
from local_store.domain.commands.base import Amount, Id
from local_store.domain.commands.dispatch import MOST_PARCELS, Carrier, Day, Moment
from local_store.domain.spelling import manifest_id
from local_store.works.dispatch import day_end
from web.problems import Refused
from web.routes import RouteTable, body_of, json_answer, query_of

SEED = "/v1/fulfillment"
STATION = "/v1/station"
READERS = ("picker", "packer", "receiver", "supervisor", "qc_agent", "admin", SCREEN)
MOST_SHOWN = 200
MOST_DIGITS = 18
Shape = Callable[[sqlite3.Connection, sqlite3.Row], dict[str, Any]]
_CONFLICT = 409
FILE_TYPES = "application/x-ndjson, text/csv"


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


Shipments = Annotated[tuple[Id, ...], Field(min_length=1, max_length=MOST_PARCELS)]


class ManifestCreate(_Body):
    """As HQ takes it; `dock` is ours, and the warehouse where it is left out."""

    warehouse_id: Id
    shipments: Shipments
    carrier_id: Carrier
    dispatch_date: Day
    dock: Id | None = None


class AsnCreate(_Body):
    """As HQ takes it: shipments that left from here with one manifest."""

    asn_reference: Id
    shipments: Shipments
    expected_arrival: Moment | None = None
    destination_warehouse_id: Id | None = None


class VendorLine(_Body):
    """Units to send, from a shelf, or from what is set aside as damaged."""

    sku: Id
    qty: Amount
    location_id: Id | None = None
    serials: Annotated[tuple[Id, ...], Field(max_length=1000)] = ()


class VendorCreate(_Body):
    """As HQ takes it."""

    warehouse_id: Id
    vendor: Carrier
    lines: Annotated[tuple[VendorLine, ...], Field(min_length=1, max_length=1000)]
    rma_reference: Id | None = None


class PageQuery(_Body):
    """`cursor` is what the page before said; `limit` is how many at most."""

    cursor: Annotated[str, StringConstraints(max_length=200)] = ""
    limit: Annotated[int, Field(ge=1, le=MOST_SHOWN)] = 50


class FileQuery(_Body):
    """How the file of a manifest is written."""

    format: Literal["ndjson", "csv"] = "ndjson"


class Found(BaseModel):
    """A document in HQ's own shape."""

    model_config = ConfigDict(extra="allow")


class Items(BaseModel):
    """A page of documents in HQ's own shape."""

    items: list[dict[str, Any]]
    next_cursor: str | None


class DayNow(BaseModel):
    """What the day has come to, and what is left: see the fact `day.closed`. The lists name 200 at most."""

    model_config = ConfigDict(extra="allow")
    day: str
    closed: bool
    unsealed_orders: list[str]
    not_loaded_parcels: list[dict[str, str]]
    waiting_labels: list[dict[str, str]]
    open_manifests: list[dict[str, str]]


_ACTS: Mapping[str, type[c.WorkerCommand]] = {
    f"{STATION}/manifests": c.OpenManifest,
    f"{STATION}/manifests/{{manifest_id}}/close": c.CloseManifest,
    f"{STATION}/manifests/{{manifest_id}}/unload": c.UnloadParcel,
    f"{STATION}/notices": c.MakeNotice,
    f"{STATION}/vendor-shipments": c.ShipToVendor,
    f"{STATION}/day/close": c.CloseDay,
}


def routes(around: Around) -> RouteTable:
    """Every route with the roles that may call it."""
    table, own = RouteTable(), DispatchRoutes(around)
    add_acts(table, around.store, _ACTS)
    loaders, closers = sorted(c.OpenManifest.roles), sorted(c.ShipToVendor.roles)
    table.post(f"{SEED}/manifests", *loaders, body=ManifestCreate, answers=Found, status=201)(own.create_manifest)
    table.get(f"{SEED}/manifests", *READERS, query=PageQuery, answers=Items)(own.manifests)
    table.get(f"{SEED}/manifests/{{id}}", *READERS, answers=Found)(own.manifest)
    table.post(f"{SEED}/manifests/{{id}}/submit", *loaders, answers=Found)(own.submit)
    table.post(f"{SEED}/asn", *loaders, body=AsnCreate, answers=Found, status=201)(own.create_asn)
    table.get(f"{SEED}/asn", *READERS, query=PageQuery, answers=Items)(own.notices)
    table.get(f"{SEED}/asn/{{id}}", *READERS, answers=Found)(own.notice)
    table.post(f"{SEED}/vendor-shipments", *closers, body=VendorCreate, answers=Found, status=201)(own.create_vendor)
    table.get(f"{SEED}/vendor-shipments", *READERS, query=PageQuery, answers=Items)(own.vendor_shipments)
    table.get(f"{SEED}/vendor-shipments/{{id}}", *READERS, answers=Found)(own.vendor_shipment)
    table.get(f"{SEED}/shipments", *READERS, query=PageQuery, answers=Items)(own.shipments)
    table.get(f"{SEED}/shipments/{{id}}", *READERS, answers=Found)(own.shipment)
    table.get(f"{STATION}/manifests/{{id}}/file", *READERS, query=FileQuery, gives=FILE_TYPES)(own.file)
    table.get(f"{STATION}/day", *READERS, answers=DayNow)(own.day)
    return table


class DispatchRoutes:
    """The handlers. What they read is what this station knows; HQ may know more."""

    def __init__(self, around: Around) -> None:
        self._store, self._clock = around.store, around.clock

    async def create_manifest(self, request: web.Request) -> web.Response:
        """Put shipments that are sealed here onto a new manifest, all of them or none."""
        body = await body_of(request, ManifestCreate)
        self._of_this_warehouse(body.warehouse_id)
        command = c.OpenManifest(
            command_id=command_id_of(request),
            worker_id=caller_of(request).worker_id,
            carrier=body.carrier_id,
            dock=body.dock or body.warehouse_id,
            dispatch_date=body.dispatch_date,
            parcels=body.shipments,
        )
        await self._done(command)
        return self._manifest(request, manifest_id(command.command_id), 201)

    async def manifests(self, request: web.Request) -> web.Response:
        """Manifests in the order they were begun."""
        query = query_of(request, PageQuery)
        db = self._store.reader
        rows = db.execute(
            "SELECT manifest_id, opened_seq FROM manifest WHERE opened_seq > ? ORDER BY opened_seq LIMIT ?",
            (_number(query.cursor), query.limit),
        ).fetchall()
        found = [shapes.find_manifest(db, row[0]) for row in rows]
        items = [shapes.manifest_shape(db, each, _file_url(request, each.manifest_id)) for each in found if each]
        return _page(items, query, str(rows[-1][1]) if rows else None)

    async def manifest(self, request: web.Request) -> web.Response:
        """A manifest with what is on it, and while it is open what should be."""
        return self._manifest(request, request.match_info["id"])

    async def submit(self, request: web.Request) -> web.Response:
        """Shut the doors: what is on the manifest left the house."""
        ident = shapes.local_id(self._store.reader, "manifest", request.match_info["id"])
        command = c.CloseManifest(
            command_id=command_id_of(request),
            worker_id=caller_of(request).worker_id,
            manifest_id=ident,
            without_missing=True,
        )
        await self._done(command)
        return self._manifest(request, ident)

    async def create_asn(self, request: web.Request) -> web.Response:
        """Announce shipments that left with one manifest to another house."""
        body = await body_of(request, AsnCreate)
        command = c.MakeNotice(
            command_id=command_id_of(request),
            worker_id=caller_of(request).worker_id,
            asn_reference=body.asn_reference,
            fulfillment_ids=body.shipments,
            expected_arrival=body.expected_arrival,
            destination_warehouse_id=body.destination_warehouse_id,
        )
        await self._done(command)
        return self._one("notice", "asn_reference", body.asn_reference, shapes.notice_shape, 201)

    async def notices(self, request: web.Request) -> web.Response:
        """Notices in the order they were made."""
        return self._list(request, "notice", shapes.notice_shape)

    async def notice(self, request: web.Request) -> web.Response:
        """One notice, by its reference or HQ's id."""
        ident = shapes.local_id(self._store.reader, "notice", request.match_info["id"])
        return self._one("notice", "asn_reference", ident, shapes.notice_shape)

    async def create_vendor(self, request: web.Request) -> web.Response:
        """Send goods back to a supplier."""
        body = await body_of(request, VendorCreate)
        self._of_this_warehouse(body.warehouse_id)
        command = c.ShipToVendor(
            command_id=command_id_of(request),
            worker_id=caller_of(request).worker_id,
            vendor=body.vendor,
            lines=tuple(c.VendorGoods(**line.model_dump()) for line in body.lines),
            rma_reference=body.rma_reference,
        )
        await self._done(command)
        ident = f"vsh_{command.command_id.hex}"
        return self._one("vendor_shipment", "vendor_shipment_id", ident, shapes.vendor_shape, 201)

    async def vendor_shipments(self, request: web.Request) -> web.Response:
        """What went back to suppliers, in the order it went."""
        return self._list(request, "vendor_shipment", shapes.vendor_shape)

    async def vendor_shipment(self, request: web.Request) -> web.Response:
        """Goods that went back to a supplier, by our id or HQ's."""
        ident = shapes.local_id(self._store.reader, "vendor_shipment", request.match_info["id"])
        return self._one("vendor_shipment", "vendor_shipment_id", ident, shapes.vendor_shape)

    async def shipments(self, request: web.Request) -> web.Response:
        """Shipments that were sealed here."""
        query = query_of(request, PageQuery)
        items = shapes.shipments(self._store.reader, query.cursor, query.limit)
        return _page(items, query, items[-1]["fulfillment_id"] if items else None)

    async def shipment(self, request: web.Request) -> web.Response:
        """A shipment that was sealed here, by HQ's id or ours."""
        found = shapes.shipment_shape(self._store.reader, request.match_info["id"])
        if found is None:
            raise _not_found("shipment", request.match_info["id"])
        return json_answer(found)

    async def file(self, request: web.Request) -> web.Response:
        """The manifest as a file, a line for each package."""
        manifest = shapes.find_manifest(self._store.reader, request.match_info["id"])
        if manifest is None:
            raise _not_found("manifest", request.match_info["id"])
        lines = shapes.manifest_lines(self._store.reader, manifest)
        if query_of(request, FileQuery).format == "csv":
            return web.Response(text=shapes.as_csv(lines), content_type="text/csv", charset="utf-8")
        return web.Response(text=shapes.as_ndjson(lines), content_type="application/x-ndjson", charset="utf-8")

    async def day(self, _request: web.Request) -> web.Response:
        """What the day has come to, and what is left to do before it is closed."""
        db, site = self._store.reader, self._store.site
        loads = "load" in site.workplaces.values()
        end = day_end(db, site.timezone, self._clock.wall_ms(), loads=loads)
        return json_answer({**end._asdict(), **shapes.day_lists(db, MOST_SHOWN, loads=loads)})

    async def _done(self, command: c.WorkerCommand) -> None:
        """Raises Refused with the sentence of the floor where nothing was done."""
        with in_words():
            receipt = await self._store.execute(command)
        if receipt.refused:
            raise Refused(_CONFLICT, receipt.answer.code.replace(".", "_"), receipt.answer.text)

    def _of_this_warehouse(self, warehouse_id: str) -> None:
        own = self._store.site.warehouse_id
        if warehouse_id != own:
            raise Refused(
                422, "wrong_warehouse", f"This station is in warehouse {own}; {warehouse_id[:60]} is another."
            )

    def _manifest(self, request: web.Request, ident: str, status: int = 200) -> web.Response:
        found = shapes.find_manifest(self._store.reader, ident)
        if found is None:
            raise _not_found("manifest", ident)
        shape = shapes.manifest_shape(self._store.reader, found, _file_url(request, found.manifest_id))
        return json_answer(shape, status)

    def _one(self, table: str, key: str, ident: str, shape: Shape, status: int = 200) -> web.Response:
        db = self._store.reader
        row = db.execute(f"SELECT * FROM {table} WHERE {key} = ?", (ident,)).fetchone()  # noqa: S608 -- our own names
        if row is None:
            raise _not_found(table.replace("_", " "), ident)
        return json_answer(shape(db, row), status)

    def _list(self, request: web.Request, table: str, shape: Shape) -> web.Response:
        query, db = query_of(request, PageQuery), self._store.reader
        rows = db.execute(
            f"SELECT * FROM {table} WHERE seq > ? ORDER BY seq LIMIT ?",  # noqa: S608 -- our own names
            (_number(query.cursor), query.limit),
        ).fetchall()
        return _page([shape(db, row) for row in rows], query, str(rows[-1]["seq"]) if rows else None)


def _page(items: list[dict[str, Any]], query: PageQuery, last: str | None) -> web.Response:
    return json_answer({"items": items, "next_cursor": last if len(items) == query.limit else None})


def _number(cursor: str) -> int:
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) <= MOST_DIGITS):
        raise Refused(422, "bad_cursor", f"{cursor[:60]} is not a cursor of this list. Start again without one.")
    return int(cursor or 0)


def _file_url(request: web.Request, manifest_id: str) -> str:
    return f"{request.url.origin()}{STATION}/manifests/{manifest_id}/file"


def _not_found(what: str, ident: str) -> Refused:
    return Refused(404, "not_found", f"There is no {what} {ident[:60]} on this station. HQ may know of others.")
