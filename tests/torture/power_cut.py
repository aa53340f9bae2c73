"""Power cuts at any moment of the day, from the first byte of a new store: images of the disk, opened and checked.

A day is recorded (every write, flush and change of a name, and each answer as it was read). Then images are built:
at any point of the record, what was not flushed is kept, lost or torn; see `disk_model`. A fifth of the images is of
days on which one flush failed. Every image is opened by the product's own code, and:

- every command that was answered before the cut has its receipt, with that answer;
- `integrity_check` is ok, the chain holds, each receipt's facts and each fact's receipt are there (whole or absent),
  and the views can be rebuilt to an equal dump: judged once for all images that hold the same pages;
- one image in LOOK_EVERY also gets the look of every start, which must not call it damaged;
- one image in FULL_EVERY, and one in NEW_EVERY of those that have no store yet, goes the whole way: `Store.open`,
  every answered command is repeated and answered alike, the rest of the day is worked, and nothing is missing or
  twice.

    python -m tests.torture.power_cut --seed 1 --images 1000000
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import signal
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

from agent.api.access import KEY_FILE
from agent.cli.common import settings_from
from agent.lanes import Lanes
from agent.problems import Problems
from agent.site import site_of
from local_store import aside, inspection, journal, projections
from local_store.clock import SystemClock
from local_store.database import FILE_NAME, StoreRefused, open_writer
from local_store.domain import commands as c
from local_store.domain.site import Site
from local_store.identity import host_fingerprint
from local_store.store import Store
from tests.support import needs, shim
from tests.support.shim import Call, Entry
from tests.torture.counts import Counts, command_line, in_processes, processes, scratch
from tests.torture.disk_model import Disk, Image, Rules
from tests.torture.plan import Act
from tests.torture.yard import LOAD_MG, open_yard

LOOK_EVERY, NEW_EVERY, FULL_EVERY = 5, 20, 200
FLUSH_US = 2000
IMAGES_OF_A_FAILING_DAY = 4000
KILLED_AFTER = 3
"""The round after which the recorded agent is killed."""

Answers = dict[str, list[str]]
"""Command id -> [tone, code, text]."""
Verdict = tuple[list[str], Answers]
"""What is wrong with a store, and the answers it holds."""


@dataclass(frozen=True)
class Part:
    """The images of one process: a share of the points of one record."""

    folder: Path
    seed: int
    images: int
    number: int
    of: int


def run(seed: int, images: int) -> Counts:
    """Record days of this seed and check so many images of them."""
    began, many = time.monotonic(), processes()
    failing_days = max(1, images // 5 // IMAGES_OF_A_FAILING_DAY)
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(dir=scratch(), prefix="edge-power-") as name:
        plain = Path(name) / "plain"
        flushes = asyncio.run(record(plain, seed))
        days = [(plain, images - images // 5)]
        for n in range(failing_days):
            folder = Path(name) / f"failing-{n}"
            asyncio.run(record(folder, seed, fail_flush=chance.randint(1, flushes)))
            days.append((folder, images // 5 // failing_days))
        parts = [
            Part(folder, seed, share // many + (n < share % many), n, many)
            for folder, share in days
            for n in range(many)
        ]
        counts = in_processes("power_cut", seed, check, parts)
    counts.took_s = time.monotonic() - began
    return counts


async def record(folder: Path, seed: int, fail_flush: int | None = None) -> int:
    """Work the day under the shim, with a SIGKILL before its last round; returns how many flushes it made.

    Flushes are slow, so that no answer can overtake one that it should have waited for. One of them may fail.
    """
    folder.mkdir()  # noqa: ASYNC240 -- the test has nothing else to do
    library = shim.build(needs.compiler() or "cc", folder)
    path, control = folder / "record", shim.Control(folder / "control")
    marks = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    watched = shim.environment(library, "/store", record=path, delay_us=FLUSH_US, control=control.path)
    async with open_yard(folder / "yard", watched) as yard:
        day = await yard.new_day(seed, ballast_mb=0)
        day.on_ack = lambda act: shim.mark(marks, json.dumps([act.command_id, day.acked.answers[act.command_id]]))
        control.count(shim.FLUSHES)
        if fail_flush is not None:
            control.plan(shim.Action.FAIL, shim.FLUSHES, first=fail_flush)

        async def between(number: int) -> None:
            if number == KILLED_AFTER:
                await day.stop(signal.SIGKILL)

        await day.work(between)
        await day.finish()
        await day.stop()
        assert not await day.violations(), day.log()
    os.close(marks)
    acts = [[act.command_id, act.workplace, act.kind, dict(act.members)] for act in day.acts]
    (folder / "acts.json").write_text(json.dumps({"acts": acts, "config": str(day.config), "data": str(day.data)}))
    return control.seen


def check(part: Part) -> Counts:
    """Build and check a share of the images, each process in its own stretch of the record."""
    chance = random.Random(f"{part.seed}/{part.number}")
    entries = list(shim.read_record(part.folder / "record"))
    told = json.loads((part.folder / "acts.json").read_text())
    points = [n for n, entry in enumerate(entries) if entry.call is not Call.MARK]
    mine = points[len(points) * part.number // part.of : len(points) * (part.number + 1) // part.of]
    cuts = sorted((chance.choice(mine), chance.choice(("strict", "ext4")), n) for n in range(part.images))
    counts = Counts("power_cut", part.seed)
    with tempfile.TemporaryDirectory(dir=scratch(), prefix="edge-images-") as name:
        checker = Checker(Path(name), told)
        for rules in ("strict", "ext4"):
            wanted = [cut for cut in cuts if cut[1] == rules]
            for _, answered, disk, images in _at_each(entries, wanted, rules):
                for number in images:
                    image_chance = random.Random(f"{part.seed}/{part.number}/{number}")
                    found = checker.check(disk.image(image_chance), answered, counts)
                    counts.violations += [f"{rules} image {part.number}/{number}: {each}" for each in found]
    return counts


def _at_each(
    entries: list[Entry], cuts: list[tuple[int, str, int]], rules: Rules
) -> Iterator[tuple[int, Answers, Disk, list[int]]]:
    """For each point with cuts: the commands answered by then, the disk, and the numbers of its images."""
    disk, at, answered = Disk(rules), 0, {}
    for point, group in groupby(cuts, lambda cut: cut[0]):
        while at <= point:
            if entries[at].call is Call.MARK:
                command_id, answer = json.loads(entries[at].data)
                answered[command_id] = answer
            disk.follow(entries[at])
            at += 1
        yield point, answered, disk, [cut[2] for cut in group]


class Checker:
    """Opens images in `folder` and says what is wrong with them."""

    def __init__(self, folder: Path, told: dict[str, Any]) -> None:
        self._folder, self._data = folder, told["data"]
        self._acts = [Act(*each) for each in told["acts"]]
        self._site = _site(Path(told["config"]))
        self._verdicts: dict[bytes, Verdict] = {}

    def check(self, image: Image, answered: Answers, counts: Counts) -> list[str]:
        """What is wrong with one image."""
        data = self._folder / "image"
        shutil.rmtree(data, ignore_errors=True)
        for path, contents in image.items():
            file = data / path[len(self._data) + 1 :]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(contents)
        counts.done["images"] += 1
        key = data / KEY_FILE
        if key.exists() and not key.read_bytes():
            return ["the station's key is empty: whoever sends none would be its operator"]
        try:
            number = counts.done["images"]
            if (data / FILE_NAME).exists():
                found, whole_way = self._quick(data, answered, counts), number % FULL_EVERY == 0
            else:
                found = ["the store is gone"] if answered else []
                whole_way = number % NEW_EVERY == 0
            if whole_way and not found:
                counts.done["taken the whole way"] += 1
                found = asyncio.run(self._whole_way(data, answered))
        except (StoreRefused, sqlite3.Error, journal.JournalDamaged) as refused:
            found = [f"it cannot be opened: {refused}"]
        return found

    def _quick(self, data: Path, answered: Answers, counts: Counts) -> list[str]:
        """Open the image and compare the answers; pages that were seen before need not be judged again."""
        if counts.done["images"] % LOOK_EVERY == 0:
            counts.done["looked at as at every start"] += 1
            if (damage := inspection.damage_in(data / FILE_NAME)) is not None:
                return [f"called damaged: {damage}"]
        with closing(open_writer(data / FILE_NAME)) as db:
            pages = blake2b(db.serialize(), digest_size=16).digest()
            verdict = self._verdicts.get(pages)
            if verdict is None:
                counts.done["different states"] += 1
                verdict = self._verdicts[pages] = _judge(db)
        found, receipts = verdict
        lost = [(key, answer) for key, answer in answered.items() if receipts.get(key) != answer]
        return found + ([f"{len(lost)} of {len(answered)} answered are lost, first {lost[0]}"] if lost else [])

    async def _whole_way(self, data: Path, answered: Answers) -> list[str]:
        """Work on in the image as a station would after the cut."""
        host = _host(data / FILE_NAME)
        store = Store(
            data, self._site, SystemClock(), "torture", fingerprint=lambda path: host or host_fingerprint(path)
        )
        await store.open()
        try:
            (picklists,) = store.reader.execute("SELECT count(*) FROM picklist").fetchone()
            if picklists < 2 and not answered:
                return []
            found = [f"it was salvaged: {path.name}" for path in aside.kept_files(data / FILE_NAME)]
            for act in self._acts:
                receipt = await store.execute(_command(act))
                said = [receipt.answer.tone.value, receipt.answer.code, receipt.answer.text]
                if act.command_id in answered and (not receipt.repeated or said != answered[act.command_id]):
                    found.append(f"answered {answered[act.command_id]}, and after the cut {said}: {act}")
            return found + _missing(store.reader)
        finally:
            await store.close()


def _host(path: Path) -> str:
    """The machine and file the image was taken from; the check is no copy of it but stands for it."""
    if not path.exists():
        return ""
    with closing(open_writer(path)) as db:
        row = db.execute("SELECT host_fp FROM epoch ORDER BY ordinal DESC LIMIT 1").fetchone()
        return row[0] if row else ""


def _judge(db: sqlite3.Connection) -> Verdict:
    """Integrity, chain, receipts with their facts and facts with their receipts, views; and all receipts."""
    (integrity,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    if integrity != "ok":
        return [f"corrupt: {integrity}"], {}
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'receipt'").fetchone():
        return [], {}
    journal.verify(db)
    found, answers = [], {}
    of_command: dict[bytes, list[int]] = {}
    for seq, kind, event_id, command_id in db.execute("SELECT seq, kind, event_id, command_id FROM journal"):
        of_command.setdefault(command_id, []).append(seq)
        if (
            event_id != command_id
            and not db.execute("SELECT 1 FROM receipt WHERE command_id = ?", (command_id,)).fetchone()
        ):
            found.append(f"fact {seq} ({kind}) has no receipt")
    for command_id, answer, first, last in db.execute("SELECT command_id, answer, first_seq, last_seq FROM receipt"):
        told = json.loads(answer)
        answers[str(UUID(bytes=command_id))] = [told["tone"], told["code"], told["text"]]
        wanted = list(range(first, last + 1)) if first else []
        if of_command.get(command_id, []) != wanted:
            found.append(f"receipt {command_id.hex()} names facts {wanted}, there are {of_command.get(command_id)}")
    return found + _rebuilt(db), answers


def _rebuilt(db: sqlite3.Connection) -> list[str]:
    before = list(projections.dump(db))
    db.execute("BEGIN")
    projections.clear(db)
    for each in journal.read(db):
        projections.apply(db, each.seq, each.fact)
    after = list(projections.dump(db))
    db.execute("ROLLBACK")
    return [] if before == after else ["the views do not follow from the facts"]


def _missing(db: sqlite3.Connection) -> list[str]:
    """At the end of the day everything is picked, packed and sealed once."""
    wrong = db.execute(
        "SELECT 'task ' || task_id || ' picked ' || picked || ' of ' || qty FROM pick_task WHERE picked <> qty"
        " UNION ALL SELECT 'line ' || order_line_id || ' packed ' || packed || ' of ' || qty FROM fulfillment_line"
        " WHERE packed <> qty"
        " UNION ALL SELECT fulfillment_id || ' has ' || count(*) || ' parcels' FROM fulfillment"
        " LEFT JOIN package USING (fulfillment_id) GROUP BY fulfillment_id HAVING count(sscc) <> 1 OR count(*) <> 1"
    )
    return [row[0] for row in wrong]


def _command(act: Act) -> c.FloorCommand:
    of: dict[str, Any] = dict(act.members)
    if act.kind == c.Weigh.kind:
        of |= {"scale": "scale", "weight_mg": LOAD_MG, "stability": "stable", "range": "ok"}
        of["newer_than_request"] = of["emptied"] = True
    return c.FLOOR_COMMANDS[act.kind](command_id=UUID(act.command_id), workplace=act.workplace, **of)


def _site(config: Path) -> Site:
    settings, clock = settings_from(config), SystemClock()
    return site_of(settings, Lanes(settings, config.parent, clock, Problems(clock.wall_ms)))


if __name__ == "__main__":
    command_line(run, images=1_000_000)()
