"""Prints the packing slip of each parcel as it is sealed, where the site wants that."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from collections.abc import Set as AbstractSet

from agent.problems import Problems
from agent.slips.counter import NoPrinter, Said, Wanted
from agent.slips.gather import NoSlip
from local_store.domain.events import PackageSealed
from local_store.journal import Recorded

PROBLEM = "slip.packing"
MOST_WAITING = 200
"""Parcels whose slips wait for a printer; more are a printer that is away for hours; their slips can be asked for."""


class SlipsAtSeal:
    """Each sealed parcel's slip, once: one that did not come out is a problem, and a person asks for it again."""

    def __init__(
        self,
        print_slip: Callable[[Wanted, str], Awaitable[Said]],
        workplaces: AbstractSet[str],
        problems: Problems,
    ) -> None:
        """`workplaces` are those with a receipt printer; at others nothing is printed."""
        self._print, self._workplaces, self._problems = print_slip, workplaces, problems
        self._sealed: asyncio.Queue[PackageSealed] = asyncio.Queue(MOST_WAITING)

    def follow(self, recorded: Iterable[Recorded]) -> None:
        """After a commit: which parcels were sealed."""
        for each in recorded:
            fact = each.fact
            if isinstance(fact, PackageSealed) and fact.workplace in self._workplaces and not self._sealed.full():
                self._sealed.put_nowait(fact)

    async def run(self) -> None:
        """Print for ever, one slip after the other."""
        while True:
            fact = await self._sealed.get()
            try:
                said = await self._print(Wanted("packing", fact.package_id), fact.workplace)
            except (NoPrinter, NoSlip) as why:
                said = Said("not_printed", str(why), "", "")
            if said.result == "printed":
                self._problems.clear(PROBLEM)
            else:
                sentence = f"The packing slip of parcel {fact.sscc}: {said.sentence}"
                self._problems.report(PROBLEM, sentence, said.next_step or "Print it again from the list of slips.")
