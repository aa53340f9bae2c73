"""Puts the service together: routes, guards, faults, and the worker of imports."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from typing import NoReturn

from aiohttp import web
from aiohttp.typedefs import Middleware

from hq import faults, truth
from hq.calls import BASE, SERVICES, Services
from hq.contract import Contract, contract_guard
from hq.edge import alarms, badges, enrolments, inbound, journal, leases, numbers, packages, shelves
from hq.facades.facade import Facade
from hq.faults import MISCHIEF, Faults, Mischief
from hq.ofs import (
    access,
    allocations,
    bulk,
    carriage,
    fulfillments,
    imports,
    jobs,
    manifests,
    manual_tasks,
    metrics,
    packing,
    picking,
    picklists,
    products,
    qc,
    returns,
    settings,
    shipments,
    stock,
    tasks,
    trace,
    vendors,
    warehouses,
    webhooks,
)
from hq.ofs.imports import WAKE
from hq.ofs.jobs import JOBS
from hq.ofs.wake import Wake
from hq.ofs.webhooks import HOOKS
from web.guard import Doors, RolesOfCaller, host_guard, refusals, role_guard
from web.problems import Refused
from web.routes import ANYONE, RouteTable, json_answer

MAX_BODY = 8 * 1024 * 1024

routes = RouteTable()
MODULES = (
    fulfillments, imports, allocations, picklists, picking, tasks, packing, shipments, stock, products,
    access, warehouses, manual_tasks, bulk, carriage, jobs, manifests, returns, qc, trace, settings, metrics,
    vendors, webhooks, journal, numbers, alarms, badges, enrolments, leases, inbound, packages, shelves,
)  # fmt: skip


def build_app(
    services: Services,
    wanted: Faults,
    doors: Callable[[], Doors],
    facade: Facade | None = None,
    *,
    strict: bool = False,
) -> web.Application:
    """The whole service over an open store; `doors` are the host names it answers to.

    With a facade its API is served too; the office goes on with the calls of seed 001. With `strict` an answer that
    breaks the contract reaches nobody. The refusals of handlers are rendered inside the guard of the contract, so
    that it sees them as a caller would; those of the guards before what spoils answers, which takes any as it comes.
    """
    services.keys.issued = access.finder(services)
    mischief = Mischief(wanted, services.keys, asyncio.sleep, facade)
    roles: RolesOfCaller = services.keys.roles if facade is None else facade.roles(services.keys.roles)
    speak: list[Middleware] = [] if facade is None else [facade.middleware()]
    app = web.Application(
        middlewares=[
            *(refusals, *speak, host_guard(doors), mischief.middleware(), *speak, role_guard(roles)),
            *_contract_guards(facade, strict=strict),
            *(refusals, *speak),
        ],
        client_max_size=MAX_BODY,
    )
    if facade is not None:
        facade.routes.add_to(app)
    app[SERVICES], app[MISCHIEF] = services, mischief
    app[WAKE], app[JOBS], app[HOOKS] = Wake(), Wake(), Wake()
    for module in MODULES:
        module.routes.add_to(app)
    for table in (routes, faults.routes, truth.routes):
        table.add_to(app)
    app.on_response_prepare.append(_echo_tenant)
    app.cleanup_ctx.append(_workers)
    return app


def _contract_guards(facade: Facade | None, *, strict: bool) -> Iterator[Middleware]:
    """One guard for the calls of seed 001, and one for those of the facade."""
    contracts = [("ofs", BASE)] if facade is None else [("ofs", BASE), (facade.name, facade.base)]
    for name, base in contracts:
        yield contract_guard(Contract.load(name), base, strict=strict, refuse=_refuse)


@routes.get(BASE + "/health", ANYONE)
async def health(request: web.Request) -> web.StreamResponse:
    """Whether the store answers and imports, jobs and webhooks are worked; needs no key."""
    request.app[SERVICES].store.db.execute("SELECT 1 FROM meta").fetchone()
    working = {"imports": request.app[WAKE], "jobs": request.app[JOBS], "webhooks": request.app[HOOKS]}
    subsystems = {name: "ok" if wake.working else "stopped" for name, wake in working.items()}
    well = all(wake.working for wake in working.values())
    body = {"status": "ok" if well else "degraded", "subsystems": {"store": "ok", **subsystems}}
    return json_answer(body, 200 if well else 503)


def _refuse(status: int, sentences: list[str]) -> NoReturn:
    """A broken contract in the words of the API it concerns: the middleware before the guard renders it."""
    code = {400: "bad_request", 422: "invalid"}.get(status, "contract_broken")
    raise Refused(status, code, sentences[0], [{"message": sentence} for sentence in sentences])


async def _echo_tenant(request: web.Request, response: web.StreamResponse) -> None:
    tenant = request.headers.get("X-Tenant-ID")
    if tenant is not None and tenant.isprintable():
        response.headers["X-Tenant-ID"] = tenant


async def _workers(app: web.Application) -> AsyncIterator[None]:
    services = app[SERVICES]
    services.store.db.execute("DELETE FROM import_chunk WHERE job_id NOT IN (SELECT job_id FROM import_job)")
    wakes = (app[WAKE], app[JOBS], app[HOOKS])
    works = (
        imports.work(services, wakes[0], asyncio.sleep),
        jobs.work(services, wakes[1], asyncio.sleep, bulk.KINDS),
        webhooks.work(services, asyncio.sleep),
    )
    for wake, work, name in zip(wakes, works, ("imports", "jobs", "webhooks"), strict=True):
        wake.task = asyncio.create_task(work, name=name)
    yield
    for wake in wakes:
        if wake.task is not None:
            wake.task.cancel()
            with suppress(asyncio.CancelledError):
                await wake.task
