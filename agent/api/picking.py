"""The routes of picking with the shapes of HQ: a handheld that speaks seed 001 picks against the station."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from agent.api import picking_shapes as shapes
from agent.api.access import caller_of
from agent.api.acts import add_acts
from agent.api.around import Around
from agent.api.deciding import in_words
from agent.api.idempotency import command_id_of
from local_store.domain import commands as c
from local_store.domain.commands import MOST_AT_ONCE, PICKERS
from local_store.store import Store
from local_store.transaction import Receipt
from web.problems import Refused, fault_sentences, invalid
from web.routes import RouteTable, body_of, json_answer

READERS = sorted(PICKERS | {"packer", "qc_agent"})
PACKERS = sorted(PICKERS | {"packer"})
_STATUS = {"unknown": 404, "none": 403, "may_not": 403, "no_line": 422, "more_than_picked": 422, "no_worker": 422}
CONFLICT = 409


class Assign(BaseModel):
    """Who is to pick it, with what."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    worker_id: c.Id
    device_id: c.Id


class Nothing(BaseModel):
    """A call without members; an empty body will do."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Complete(BaseModel):
    """The caller's own id for this confirmation."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    pick_confirmation_id: c.Id | None = None


class Adjustments(BaseModel):
    """Corrections of a picklist."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    adjustments: list[dict[str, Any]]


class Rebins(BaseModel):
    """Picked units that go back to a location."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    rebins: list[dict[str, Any]]


class Serials(BaseModel):
    """Serial numbers of units picked for one line."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    fulfillment_id: c.Id
    order_line_id: c.Id
    serials: list[str]


class Lot(BaseModel):
    """Units of a lot that were picked for one line."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    lot_id: str
    qty: c.Positive
    fulfillment_id: c.Id
    order_line_id: c.Id


def routes(around: Around) -> RouteTable:
    """Every route with the roles that may call it."""
    table, api, of = RouteTable(), PickingRoutes(around.store), "/v1/fulfillment/picklists/{picklist_id}"
    pickers = sorted(PICKERS)
    table.get(of, *READERS, answers=shapes.PicklistShape)(api.get)
    table.get(f"{of}/tasks", *READERS, answers=shapes.TasksPage)(api.tasks)
    table.post(f"{of}/assign", *pickers, body=Assign, answers=shapes.PicklistShape)(api.assign)
    table.post(f"{of}/start", *pickers, body=Nothing, answers=shapes.PicklistShape)(api.start)
    table.post(f"{of}/scan", *pickers, body=shapes.Elements, answers=shapes.Results)(api.scan)
    table.post(f"{of}/complete", *pickers, body=Complete, answers=shapes.Confirmation)(api.complete)
    table.post(f"{of}/adjust", *pickers, body=Adjustments, answers=shapes.Results)(api.adjust)
    table.post(f"{of}/rebin", *PACKERS, body=Rebins, answers=shapes.Results)(api.rebin)
    base = "/v1/fulfillment"
    table.post(f"{base}/serials/assign", *PACKERS, body=Serials, answers=shapes.SerialsTold)(api.serials)
    table.post(f"{base}/lot/consume", *PACKERS, body=Lot, answers=shapes.LotTold)(api.lot)
    acts: dict[str, type[c.WorkerCommand]] = {
        "/v1/station/picklists/{picklist_id}/release": c.ReleasePicklist,
        "/v1/station/picklists/{picklist_id}/rebin": c.RebinPicks,
        "/v1/station/picklists/{picklist_id}/substitute": c.SubstitutePick,
        "/v1/station/picklists/{picklist_id}/over": c.OverPick,
        "/v1/station/workplaces/{workplace}/zone": c.ChooseZone,
    }
    add_acts(table, around.store, acts)
    return table


class PickingRoutes:
    """Handlers with HQ's shapes. What the floor refuses is a problem body; one element of many is refused alone."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, request: web.Request) -> web.Response:
        """One picklist, its tasks in walking order."""
        return json_answer(self._picklist(request.match_info["picklist_id"]))

    async def tasks(self, request: web.Request) -> web.Response:
        """The tasks of a picklist in walking order."""
        return json_answer(shapes.TasksPage(items=self._picklist(request.match_info["picklist_id"]).tasks))

    async def assign(self, request: web.Request) -> web.Response:
        """Give it to a worker and device."""
        told = await body_of(request, Assign)
        await self._do(request, c.AssignPicklist, assignee_id=told.worker_id, device_id=told.device_id)
        return await self.get(request)

    async def start(self, request: web.Request) -> web.Response:
        """Picking begins. Starting again changes nothing."""
        await _maybe(request, Nothing)
        await self._do(request, c.StartPicklist)
        return await self.get(request)

    async def complete(self, request: web.Request) -> web.Response:
        """Confirm what was picked; every task must be done or short."""
        told = await _maybe(request, Complete)
        await self._do(request, c.CompletePicklist, pick_confirmation_id=told.pick_confirmation_id)
        shape = self._picklist(request.match_info["picklist_id"])
        picked = [shapes.PickedTask(task_id=task.task_id, qty=task.picked) for task in shape.tasks]
        return json_answer(
            shapes.Confirmation(
                picklist_id=shape.id,
                status="completed",
                pick_confirmation_id=shape.pick_confirmation_id or "",
                picked=picked,
            )
        )

    async def scan(self, request: web.Request) -> web.Response:
        """Book picks: one result for each scan, in their order."""
        told = (await body_of(request, shapes.Elements)).root
        return await self._each(request, c.ScanPicks, "scans", c.PickScan, told)

    async def adjust(self, request: web.Request) -> web.Response:
        """Take the last count of a task back, end it short, take that back, or take more; answered like scans."""
        told = (await body_of(request, Adjustments)).adjustments
        return await self._each(request, c.AdjustPicks, "adjustments", c.PickAdjustment, told)

    async def rebin(self, request: web.Request) -> web.Response:
        """Picked units go to a location and are stock there again; answered like scans."""
        told = (await body_of(request, Rebins)).rebins
        return await self._each(request, c.RebinPicks, "rebins", c.PickRebin, told)

    async def serials(self, request: web.Request) -> web.Response:
        """Say which units were picked."""
        told = await body_of(request, Serials)
        await self._do(request, c.AssignSerials, **told.model_dump())
        return json_answer(shapes.SerialsTold(**told.model_dump()))

    async def lot(self, request: web.Request) -> web.Response:
        """Say of which lot the units of a line are."""
        told = await body_of(request, Lot)
        await self._do(request, c.ConsumeLot, **told.model_dump())
        return json_answer(shapes.LotTold(**told.model_dump(exclude={"qty"}), qty=shapes.number(told.qty)))

    async def _each(
        self,
        request: web.Request,
        command: type[c.AboutPicklist],
        name: str,
        element: type[BaseModel],
        told: list[dict[str, Any]],
    ) -> web.Response:
        """Many elements in one command; one that cannot be read is refused alone."""
        if not 0 < len(told) <= MOST_AT_ONCE:
            raise Refused(422, "invalid", f"{name}: send 1 to {MOST_AT_ONCE} in one call (got {len(told)}).")
        receipt = await self._do(request, command, **{name: tuple(_element(element, each) for each in told)})
        return json_answer(shapes.results(self._store.reader, receipt.last_seq))

    async def _do(self, request: web.Request, model: type[c.WorkerCommand], **members: Any) -> Receipt:
        """Decide a command of the person whose key was shown. Raises Refused."""
        command_id: UUID = command_id_of(request)
        by = {"worker_id": caller_of(request).worker_id, **request.match_info}
        try:
            command = model.model_validate({"command_id": command_id, **by, **members})
        except ValidationError as error:
            raise invalid(error, f"{request.method} {request.path}") from error
        with in_words():
            receipt = await self._store.execute(command)
        if receipt.refused:
            code = receipt.answer.code.partition(".")[2]
            raise Refused(_STATUS.get(code, CONFLICT), code, receipt.answer.text)
        return receipt

    def _picklist(self, picklist_id: str) -> shapes.PicklistShape:
        found = shapes.picklist(self._store.reader, self._store.site.warehouse_id, picklist_id)
        if found is None:
            raise Refused(404, "not_found", f"There is no picklist {picklist_id[:60]} at this station.")
        return found


def _element(model: type[BaseModel], told: dict[str, Any]) -> BaseModel:
    try:
        return model.model_validate(told)
    except ValidationError as error:
        fault = fault_sentences(error)[0]
        message = f"{fault['field']}: {fault['message']} (got {fault['got']})."
        ident = next((told[name] for name in ("scan_id", "adjustment_id", "rebin_id") if name in told), None)
        short = ident if isinstance(ident, str) and 0 < len(ident) <= c.MAX_ID else None
        return c.Unreadable(ident=short, fault=message[: c.MAX_FAULT])


async def _maybe(request: web.Request, model: type[Any]) -> Any:
    """A body whose members may all be left out, and the body with them."""
    return await body_of(request, model) if request.can_read_body else model()
