"""What a test must see from outside the process: `python -m tests.local_store.child WHAT FOLDER`."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from local_store.database import FILE_NAME, open_writer
from local_store.domain import commands as c
from local_store.migrations import migrate
from local_store.writer import StoreInDoubt
from tests.support.floor import Bench, line, product

ACTS = 200
FIRST_ID = UUID("01990000-0000-7000-8000-000000000000")
ONE_PAGE = 4096  # no commit fits


def count(n: int) -> c.Scan:
    """The n-th act: the same id whoever does it again."""
    return c.Scan(command_id=UUID(int=FIRST_ID.int + n), workplace="pick-1", code="SKU-1")


def busy_day(folder: Path) -> None:
    """Count 200 pieces, one act after the other, and say each act's id only once it was answered."""
    bench = Bench(folder)
    bench.given_products(product("SKU-1"))
    bench.given_picklist("PL-7", line("SKU-1", ACTS))
    bench.signed_in().scan("PL-7", "A-1")
    for n in range(ACTS):
        bench.do(count(n))
        _say(str(n))
    bench.close()


def full_disk(folder: Path) -> None:
    """The file can grow no more, then it cannot even be opened again, then there is room: always the same act."""
    bench = Bench(folder)
    bench.given_products(product("SKU-1"))
    bench.given_picklist("PL-7", line("SKU-1", 9))
    bench.signed_in().scan("PL-7", "A-1", "SKU-1")
    with _limit(resource.RLIMIT_FSIZE, ONE_PAGE):
        _say(_outcome(bench, count(1)))
        with _limit(resource.RLIMIT_NOFILE, 3):
            _say(_outcome(bench, count(1)))
    with _limit(resource.RLIMIT_NOFILE, 3):
        _say(_outcome(bench, count(1)))
    for _ in range(2):
        _say(_outcome(bench, count(1)))
    _say(str(bench.task("SKU-1").picked))
    bench.close()


def migrate_at_once(folder: Path) -> None:
    """Bring the schema up to date, beginning when the test says so."""
    _say("ready")
    sys.stdin.readline()
    connection = open_writer(folder / FILE_NAME)
    _say(",".join(migrate(connection, folder / "migration.lock")) or "nothing to do")
    connection.close()


@contextmanager
def _limit(what: int, limit: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(what)
    resource.setrlimit(what, (limit, hard))
    yield
    resource.setrlimit(what, (soft, hard))


def _outcome(bench: Bench, command: c.Command) -> str:
    try:
        receipt = bench.do(command)
    except StoreInDoubt as doubt:
        return f"in doubt: {doubt}"
    return f"{'again' if receipt.repeated else 'first'}: {receipt.answer.text}"


def _say(text: str) -> None:
    """To the pipe at once: what was said must not be lost with the process."""
    os.write(1, f"{text}\n".encode())


CHILDREN: dict[str, Callable[[Path], None]] = {
    "busy_day": busy_day,
    "full_disk": full_disk,
    "migrate_at_once": migrate_at_once,
}

if __name__ == "__main__":
    CHILDREN[sys.argv[1]](Path(sys.argv[2]))
