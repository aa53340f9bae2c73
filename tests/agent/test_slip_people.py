"""What a shift report tells of each person: hours, units, parcels, reckoned by hand."""

from __future__ import annotations

from pathlib import Path

from agent.slips.documents import Person
from agent.slips.layout import as_lines
from agent.slips.shift import shift_report
from local_store.domain import events as e
from tests.local_store.test_figures import DAY, HOUR, Day, counted, left, order, undone


def comes(worker: str, workplace: str) -> e.WorkerSignedIn:
    return e.WorkerSignedIn(workplace=workplace, worker_id=worker)


def goes(worker: str, workplace: str) -> e.WorkerSignedOut:
    return e.WorkerSignedOut(workplace=workplace, worker_id=worker)


async def test_a_shift_report_tells_what_each_person_did_and_how_long_they_were_signed_in(tmp_path: Path) -> None:
    day = Day(tmp_path)
    await day.store.open()
    try:
        await day.at(-60, comes("eve", "pack-1"), order("F1", None), actor="eve")  # the day before; she stays
        await day.at(-30, comes("ana", "pick-1"), counted("t0", 9))
        await day.at(30, counted("t1", 3), undone("t1", 1))
        await day.at(60, goes("ana", "pick-1"))
        await day.at(120, comes("ana", "pick-2"))
        await day.at(180, comes("ben", "pick-2"), actor="ben")  # takes the idle place over
        await day.at(200, *left("F1"), actor="eve")
        await day.at(240, goes("ben", "pick-2"), actor="ben")
        await day.at(420, comes("ana", "pick-1"))
        report = shift_report(day.store.reader, "station-1", DAY, DAY + 8 * HOUR, "UTC")
    finally:
        await day.store.close()
    # ana: eight to nine, ten to eleven, three to four; eve: all of the time
    assert report.people == (Person("ana", 180, "2", 0), Person("ben", 60, "0", 0), Person("eve", 480, "0", 1))
    text = [line.strip() for line in as_lines(report, 80)]
    assert "ana: signed in 3 h 0 min, 2 picked, 0 parcels packed." in text
    assert "eve: signed in 8 h 0 min, 0 picked, 1 parcel packed." in text
