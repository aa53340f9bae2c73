"""`python -m tests.benchmarks.taking_hq READY_FILE`: an HQ of seed 001 that takes everything and keeps nothing."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path

from aiohttp import web

BASE = "/v1/fulfillment"


async def take(request: web.Request) -> web.Response:
    """Answer as HQ does to a station: about the picklist that was named, each scan accepted."""
    body = await request.json()
    if isinstance(body, list):
        return web.json_response({"results": [{"scan_id": scan["scan_id"], "outcome": "accepted"} for scan in body]})
    return web.json_response({"id": request.match_info["picklist"]})


async def health(_request: web.Request) -> web.Response:
    """It is there."""
    return web.json_response({"status": "ok"})


async def watermark(_request: web.Request) -> web.Response:
    """It keeps journals and has nothing of this station's yet."""
    return web.json_response({"instance": "bench", "lineages": []})


async def journal(request: web.Request) -> web.Response:
    """The rows are kept, up to the last of them."""
    body = await request.json()
    last = body["rows"][-1] if body["rows"] else {"seq": 0, "hash": "0" * 64}
    return web.json_response(
        {"instance": "bench", "lineage": body["lineage"], "seq": last["seq"], "hash": last["hash"]}
    )


async def no_numbers(_request: web.Request) -> web.Response:
    """It has no numbers to give."""
    told = {"error": {"code": "no_company_prefix", "message": "There are none."}}
    return web.json_response(told, status=409)


async def not_offered(_request: web.Request) -> web.Response:
    """It is an HQ of somebody else: no journal, no work."""
    return web.json_response({"error": {"code": "not_found", "message": "There is no such path."}}, status=404)


async def serve(tell: Callable[[str], object]) -> None:
    """Serve until the process is ended."""
    app = web.Application(client_max_size=8 * 1024 * 1024)
    app.router.add_get(f"{BASE}/health", health)
    app.router.add_post(BASE + "/picklists/{picklist}/{act}", take)
    device = BASE + "/edge/devices/{station}"
    app.router.add_get(f"{device}/watermark", watermark)
    app.router.add_put(f"{device}/journal", journal)
    app.router.add_post(f"{device}/number-blocks", no_numbers)
    app.router.add_route("*", "/{rest:.*}", not_offered)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    tell(json.dumps({"url": f"http://127.0.0.1:{runner.addresses[0][1]}"}))
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]).write_text))
