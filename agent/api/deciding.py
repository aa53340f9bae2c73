"""What the store says to a command, or in words why nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from local_store.domain.commands import Command
from local_store.store import Store
from local_store.transaction import CommandReused
from local_store.writer import StoreInDoubt
from web.problems import Refused
from web.routes import json_answer


@contextmanager
def in_words() -> Iterator[None]:
    """Raises Refused for what the store raises: 422 for an id that was used before, 503 while it is in doubt."""
    try:
        yield
    except CommandReused as reused:
        raise Refused(422, "command_reused", f"{reused}.") from reused
    except StoreInDoubt as doubt:
        raise Refused(503, "store_in_doubt", f"{doubt}.", headers={"Retry-After": "1"}) from doubt


async def decided(store: Store, command: Command) -> web.Response:
    """The answer to a command whose badge says who may. Raises Refused as `in_words`."""
    with in_words():
        receipt = await store.execute(command)
    told = receipt.answer
    return json_answer({"answer": {"tone": told.tone.value, "code": told.code, "text": told.text}})
