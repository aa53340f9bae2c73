"""A warm process that forks agents: everything is imported once, so that a day with its own agent begins in no time.

`python -m tests.torture.nursery` reads one JSON line for each child ({"do": "agent" | "backup", "config",
"ready_file", "log"}), forks, says `{"pid"}` and, when that child has ended, `{"status"}` (as in waitpid). There is
one child at a time, and when the nursery was started under the shim each of them is watched.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

from sqlite_utils import Database, Migrations  # the agent imports these only when a store is made

from agent.cli.common import settings_from
from agent.cli.run import serve
from agent.log import set_up_logging
from agent.wiring import Agent
from local_store.backup import make_backup
from local_store.clock import SystemClock
from local_store.database import FILE_NAME

WARM = (Database, Migrations)


def main() -> None:
    """Fork an agent for each line of standard input."""
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _live(order)
        _say(pid=pid)
        _, status = os.waitpid(pid, 0)
        _say(status=status)


def _live(order: dict[str, Any]) -> NoReturn:
    """Be an agent until it ends; never come back into the nursery."""
    status = 1
    try:
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(log, 1)
        os.dup2(log, 2)
        config = Path(order["config"])
        settings = settings_from(config)
        set_up_logging("WARNING")
        if order["do"] == "agent":
            asyncio.run(serve(Agent(settings, config.parent), Path(order["ready_file"])))
        else:
            asyncio.run(make_backup(settings.station.data_dir / FILE_NAME, SystemClock(), asyncio.sleep))
        status = 0
    finally:
        if status:
            traceback.print_exc()
        os._exit(status)


def _say(**members: int) -> None:
    os.write(1, (json.dumps(members) + "\n").encode())


if __name__ == "__main__":
    main()
