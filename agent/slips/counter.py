"""Prints a slip for whoever asks for one: reads it from the store, composes it, and says what is known of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Literal, NamedTuple

from agent.slips.compose import NoSuchProfile, compose
from agent.slips.documents import Document
from agent.slips.gather import NoSlip, discrepancy_slip, manifest_slip, packing_slip, pick_ticket
from agent.slips.shift import MS_PER_HOUR, shift_report
from devices.driver import NotPrinted, PrintDoubt, Printed, ReceiptPrinter, SlipOutcome
from local_store.clock import local_time
from local_store.database import open_reader
from local_store.domain.events import Fact, SlipDoubted, SlipPrinted
from local_store.domain.site import USUAL_PICKING, PickingRules
from local_store.store import Store

SlipKind = Literal["packing", "pick", "discrepancy", "shift", "manifest"]
SHIFT_HOURS = 8
EVIDENCE = {
    "process_id": "Printed on {printer}, which said so.",
    "status": "Printed on {printer}: it has worked it off and is in order.",
}


class Wanted(NamedTuple):
    """Which slip: `of` is an order, package, SSCC, picklist or manifest.

    A shift report is of the last `hours`, or from `since_ms` to `until_ms` where these are named.
    """

    kind: SlipKind
    of: str = ""
    hours: int = SHIFT_HOURS
    since_ms: int | None = None
    until_ms: int | None = None


class Said(NamedTuple):
    """What became of it."""

    result: Literal["printed", "uncertain", "not_printed"]
    sentence: str
    next_step: str
    printer: str


class NoPrinter(Exception):  # noqa: N818 -- a refusal in words
    """There is no receipt printer for this slip."""


def document_of(
    store_path: Path,
    wanted: Wanted,
    station: str,
    now_ms: int,
    timezone: str,
    rules: PickingRules = USUAL_PICKING,
) -> Document:
    """The slip as the store has it now, through a reader of its own. Raises NoSlip."""
    with closing(open_reader(store_path)) as db:
        as_of = local_time(now_ms, timezone)
        if wanted.kind == "shift":
            until_ms = now_ms if wanted.until_ms is None else wanted.until_ms
            since_ms = until_ms - wanted.hours * MS_PER_HOUR if wanted.since_ms is None else wanted.since_ms
            return shift_report(db, station, since_ms, until_ms, timezone)
        if not wanted.of:
            raise NoSlip(f"Say which: a {wanted.kind} slip is of an order, a picklist or a manifest.")
        if wanted.kind == "packing":
            return packing_slip(db, wanted.of)
        if wanted.kind == "pick":
            return pick_ticket(db, wanted.of, as_of, rules)
        if wanted.kind == "manifest":
            return manifest_slip(db, wanted.of, as_of)
        return discrepancy_slip(db, wanted.of, as_of)


class SlipCounter:
    """The receipt printers of a station, by workplace, the first one named there."""

    def __init__(
        self,
        store: Store,
        printers: Mapping[str, ReceiptPrinter],
        now_ms: Callable[[], int],
        timezone: str,
    ) -> None:
        self._store, self._printers, self._now_ms, self._timezone = store, printers, now_ms, timezone

    async def print(self, wanted: Wanted, workplace: str | None = None) -> Said:
        """Print a slip once. Raises NoPrinter and NoSlip: then nothing was sent anywhere."""
        place, printer = self._printer_of(workplace)
        data = await asyncio.to_thread(self._made, wanted, printer)
        outcome = await printer.print(data)
        if (fact := _fact(outcome, wanted, place, printer.name)) is not None:
            await self._store.run(lambda tx: tx.append(fact))
        return _said(outcome, printer.name)

    def _made(self, wanted: Wanted, printer: ReceiptPrinter) -> bytes:
        site = self._store.site
        now_ms = self._now_ms()
        document = document_of(self._store.path, wanted, site.station_id, now_ms, self._timezone, site.picking)
        try:
            return compose(document, printer.columns, printer.profile, cutter=printer.cutter)
        except NoSuchProfile as unknown:
            raise NoPrinter(f"{unknown} Correct devices.{printer.name}.profile in edge.toml.") from unknown

    def _printer_of(self, workplace: str | None) -> tuple[str, ReceiptPrinter]:
        if not self._printers:
            raise NoPrinter(
                "This station has no receipt printer. Give a workplace one in edge.toml (driver receipt_printer), or "
                "take the slip as text: `edge-agent slip … --text`."
            )
        if workplace is None and len(set(self._printers.values())) == 1:
            return next(iter(self._printers.items()))
        known = ", ".join(self._printers)
        if workplace is None:
            raise NoPrinter(f"Say at which workplace to print: {known}.")
        if workplace not in self._printers:
            raise NoPrinter(f"The workplace {workplace[:40]!r} has no receipt printer; there is one at {known}.")
        return workplace, self._printers[workplace]


def _fact(outcome: SlipOutcome, wanted: Wanted, workplace: str, printer: str) -> Fact | None:
    of = {"workplace": workplace, "slip": wanted.kind, "of": wanted.of, "printer": printer}
    match outcome:
        case Printed(evidence):
            return SlipPrinted.model_validate({**of, "evidence": evidence})
        case PrintDoubt(sentence):
            return SlipDoubted.model_validate({**of, "reason": sentence})
        case NotPrinted():
            return None


def _said(outcome: SlipOutcome, printer: str) -> Said:
    match outcome:
        case Printed(evidence):
            return Said("printed", EVIDENCE[evidence].format(printer=printer), "", printer)
        case PrintDoubt(sentence, next_step):
            return Said("uncertain", sentence, next_step, printer)
        case NotPrinted(sentence, next_step):
            return Said("not_printed", f"Nothing was printed. {sentence}", next_step, printer)
