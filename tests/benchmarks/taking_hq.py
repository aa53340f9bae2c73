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


async def not_offered(_request: web.Request) -> web.Response:
    """It is an HQ of somebody else: no journal, no work."""
    return web.json_response({"error": {"code": "not_found", "message": "There is no such path."}}, status=404)


async def serve(tell: Callable[[str], object]) -> None:
    """Serve until the process is ended."""
    app = web.Application(client_max_size=8 * 1024 * 1024)
    app.router.add_get(f"{BASE}/health", health)
    app.router.add_post(BASE + "/picklists/{picklist}/{act}", take)
    app.router.add_route("*", "/{rest:.*}", not_offered)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    tell(json.dumps({"url": f"http://127.0.0.1:{runner.addresses[0][1]}"}))
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]).write_text))
