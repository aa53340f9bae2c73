"""Did the label come out? Bytes written prove nothing; this is what does (reliability 4.5, device_protocols 9.5).

Everything here is heard on the one connection that carried the label, so a printer that lost its power or its line in
between is never believed: the connection breaks, or an answer is missing, and the label is in doubt.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from devices.driver import Printer, PrinterLink
from devices.readings import Alerts, PrinterStatus
from local_store.spool import Counted

POLL_S = 0.02
"""First pause between two looks at the printer; it grows, since a label takes a second on real paper."""
SLOWEST_POLL_S = 1.0
QUIET_S = 2.0
"""For so long a printer must be idle before its status alone counts as proof: longer than a label takes."""


class NotNow(NamedTuple):
    """The printer cannot take a label now; nothing was sent."""

    sentence: str
    next_step: str


class Before(NamedTuple):
    """What was known just before a label: its counter, None where it has none or another proof is wanted."""

    label_count: int | None
    alerts: Alerts
    label_length_dots: int
    shared: str | None = None
    """Why the counter proves nothing, in a sentence: somebody else prints on this printer."""


class CameOut(NamedTuple):
    """The label came out."""

    evidence: str
    count_after: int | None


class Doubt(NamedTuple):
    """Nobody knows."""

    reason: str
    count_after: int | None = None


class NothingCameOut(NamedTuple):
    """The printer is empty and idle, and its counter did not move."""

    reason: str
    count_after: int


Verdict = CameOut | Doubt | NothingCameOut


async def look(link: PrinterLink, printer: Printer, known: Counted) -> Before | NotNow:
    """The printer just before a label: idle, in order, holding nothing, and what it has counted so far."""
    alerts = printer.alerts
    status = await link.status()
    if status is None and printer.proof == "scan":
        return Before(None, alerts, 0)  # a printer that cannot tell is believed to be ready
    if status is None:
        if (fault := await link.fault()) is not None:
            return NotNow(fault[0], f"{fault[1]} The label is printed by itself then.")
        return NotNow(
            f"The label printer '{printer.name}' does not answer.",
            "Look at it: are labels and ribbon in, is the head closed? The label is printed once it answers.",
        )
    if status.trouble is not None:
        what, fix = status.trouble
        return NotNow(what, f"{fix} The label is printed by itself then.")
    if not status.empty:
        return NotNow(
            f"The label printer '{printer.name}' still holds labels of somebody else.",
            "Let it finish; a printer that this station uses should get labels from nobody else.",
        )
    if (hidden := await link.hidden_fault()) is not None:
        return NotNow(hidden[0], f"{hidden[1]} The label is printed by itself then.")
    if printer.proof != "counter":
        return Before(None, alerts, status.label_length_dots)
    count = await link.label_count() or await link.label_count()  # twice: one answer may have been lost
    return Before(count, alerts, status.label_length_dots, _shared(printer, known, count))


async def wait_for_proof(
    link: PrinterLink,
    printer: Printer,
    before: Before,
    now: Callable[[], float],
    sleep: Callable[[float], Awaitable[None]],
) -> Verdict:
    """Watch the printer until it proves the label, or cannot any more. Raises TransportLost."""
    if printer.proof == "scan":
        return Doubt(f"The printer '{printer.name}' cannot tell whether a label came out: scan this one.")
    deadline = now() + printer.confirm_timeout_s
    pause_s = POLL_S
    quiet_since: float | None = None
    while True:
        status = await link.status()
        count = before.label_count
        if status is not None and status.empty and before.label_count is not None:
            count = await link.label_count()  # asked second: a counter read while labels wait proves nothing
        if status is None or (before.label_count is not None and count is None):
            return Doubt(await _stopped_answering(link, printer))
        spoiled = _spoiled(printer, before, status)
        if spoiled is not None:
            return spoiled
        quiet_since = (now() if quiet_since is None else quiet_since) if status.empty else None
        if quiet_since is not None:
            verdict = _judged(printer, before, count, now() - quiet_since)
            if verdict is not None:
                return verdict
        if now() >= deadline:
            return _overdue(printer, before, status)
        await sleep(pause_s)
        pause_s = min(pause_s * 2, SLOWEST_POLL_S)


async def _stopped_answering(link: PrinterLink, printer: Printer) -> str:
    said = f"The printer '{printer.name}' stopped answering while the label was on its way."
    fault = await link.fault()
    return said if fault is None else f"{said} {fault[0]}"


def _shared(printer: Printer, known: Counted, count: int | None) -> str | None:
    """Whether the counter moved by more than our own labels since it was last read."""
    if count is None or known.label_count is None:
        return None
    if known.label_count <= count <= known.label_count + known.unproved:
        return None
    return (
        f"The counter of the printer '{printer.name}' went from {known.label_count} to {count} between two labels of "
        "this station, so somebody else prints on it and it proves nothing."
    )


def _spoiled(printer: Printer, before: Before, status: PrinterStatus) -> Doubt | None:
    """What makes later evidence worthless: the label may be torn, lost, or printed again by the printer itself."""
    if status.interrupts and status.trouble is not None:
        return Doubt(f"{status.trouble[0]} That happened while the label was on its way.")
    if printer.alerts.restarts != before.alerts.restarts:
        return Doubt(f"The printer '{printer.name}' was switched off and on while the label was on its way.")
    if printer.alerts.errors != before.alerts.errors:
        return Doubt(f"The printer '{printer.name}' reported a fault while the label was on its way.")
    return None


def _judged(printer: Printer, before: Before, count: int | None, quiet_s: float) -> Verdict | None:
    """What an empty printer proves; None when it has to be watched longer."""
    if before.label_count is not None and count is not None:
        if count == before.label_count:
            return None
        if count != before.label_count + 1:
            return Doubt(
                f"The printer's counter went from {before.label_count} to {count} while one label was on its way.",
                count,
            )
        return CameOut("counter", count) if before.shared is None else Doubt(before.shared, count)
    if printer.proof == "counter":
        return Doubt(f"The printer '{printer.name}' does not count its labels, so it cannot prove this one.")
    if printer.proof == "status":
        return CameOut("status", None) if quiet_s >= QUIET_S else None
    completed = printer.alerts.completed - before.alerts.completed
    if completed > 1:
        return Doubt(f"The printer '{printer.name}' reported {completed} labels while one was on its way.")
    return CameOut("alert", None) if completed else None


def _overdue(printer: Printer, before: Before, status: PrinterStatus) -> Verdict:
    within = f"within {printer.confirm_timeout_s:g} s"
    if before.label_count is not None and status.empty and status.ready:
        return NothingCameOut(
            f"The printer '{printer.name}' took the label, is empty, and did not count it {within}.",
            before.label_count,
        )
    if printer.proof == "alert" and status.empty and status.ready:
        return Doubt(f"The printer '{printer.name}' did not report the label {within}.")
    return Doubt(f"The printer did not print the label {within}. {status.sentence}")
