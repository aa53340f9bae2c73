"""The packing slip of each parcel comes out as it is sealed, once, and one that did not is a problem for a person."""

from __future__ import annotations

import asyncio
from functools import partial

from agent.problems import Problems
from agent.slips.at_seal import PROBLEM, SlipsAtSeal
from agent.slips.counter import NoPrinter, Said, Wanted
from local_store.domain.events import PackageSealed
from local_store.journal import Recorded
from tests.support.site import until

OUT = Said("printed", "Printed on p1, which said so.", "", "p1")


def sealed(package_id: str, workplace: str = "pack-1") -> Recorded:
    of = {"fulfillment_id": "F-1", "workplace": workplace, "package_id": package_id}
    return Recorded(1, PackageSealed(**of, sscc=f"sscc-{package_id}", sscc_serial=1), 0, None, b"")


def _are(asked: list[tuple[Wanted, str]], many: int) -> bool:
    return len(asked) == many


async def test_each_sealed_parcel_gets_its_slip_where_a_printer_stands() -> None:
    asked: list[tuple[Wanted, str]] = []
    doubt = Said("uncertain", "The cable was out.", "Look at it.", "p1")
    answers: list[Said | Exception] = [OUT, doubt, NoPrinter("None."), OUT]

    async def print_slip(wanted: Wanted, workplace: str) -> Said:
        asked.append((wanted, workplace))
        answer = answers[len(asked) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    problems = Problems(lambda: 0)
    slips = SlipsAtSeal(print_slip, {"pack-1"}, problems)
    task = asyncio.create_task(slips.run())
    for number, problem in ((1, []), (2, [PROBLEM]), (3, [PROBLEM]), (4, [])):
        slips.follow([sealed(f"P{number}"), sealed("elsewhere", "pack-2")])
        await until(partial(_are, asked, number), "no slip was asked for")
        await asyncio.sleep(0)
        assert [each.problem_id for each in problems.open()] == problem
    assert [(wanted.kind, wanted.of, workplace) for wanted, workplace in asked] == [
        ("packing", f"P{number}", "pack-1") for number in (1, 2, 3, 4)
    ]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
