"""A test print: a label or a slip that belongs to no work, and what is known of it afterwards."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import NamedTuple

from agent.labels.proof import CameOut, NotNow, Verdict, look, wait_for_proof
from devices.driver import NotPrinted, PrintDoubt, Printer, ReceiptPrinter
from devices.transports import DeviceUnreachable
from local_store import spool
from local_store.store import Store
from web.problems import Refused

LONGEST_S = 20.0
"""So long a person waits at the page."""
TEST_CODE = "EDGE-TEST"
"""What the barcode on it says: a scanner can be tried with it too."""
FOR_NOBODY = "Not for a parcel. Throw it away."
_DOTS_PER_STEP, _AT_DPI = 40, 203


class Tried(NamedTuple):
    """What is known: whether there is proof that it came out, and a sentence."""

    proof: bool
    sentence: str


def label_text(name: str, station: str, dpi: int) -> bytes:
    """A label in ZPL with the device's name and a barcode; every value is escaped, so that none is a command."""
    step = dpi * _DOTS_PER_STEP // _AT_DPI
    texts = "".join(
        f"^FO{step},{step * (1 + 2 * number)}^A0N,{step},{step}^FH_^FD{_escaped(row)}^FS"
        for number, row in enumerate((f"TEST {name}", station, FOR_NOBODY))
    )
    bars = f"^FO{step},{step * 7}^BY{max(2, dpi // 100)}^BCN,{step * 2},Y,N,N^FH_^FD{_escaped(TEST_CODE)}^FS"
    return f"^XA^CI28{texts}{bars}^PQ1^XZ\r\n".encode()


def slip_text(name: str, station: str) -> bytes:
    """The same on a slip: text only, since not every printer has the same barcodes."""
    return f"TEST {name}\n{station}\n{FOR_NOBODY}\n\n\n\n".encode("ascii", "replace")


async def print_test(store: Store, device: object, name: str, workplace: str | None) -> Tried:
    """Print one on a device of a workplace. Raises Refused when surely nothing was printed."""
    station = store.site.station_id
    if isinstance(device, ReceiptPrinter):
        return await _slip(device, station)
    if not isinstance(device, Printer):
        raise Refused(409, "no_printer", f"'{name}' prints nothing.")
    if workplace is not None and spool.is_busy(store.reader, workplace):
        raise Refused(409, "labels_wait", LABELS_WAIT)
    try:
        return await _label(store, device, station)
    except DeviceUnreachable as fault:
        raise Refused(409, "printer_away", f"{fault.sentence} {fault.next_step}") from fault


async def _label(store: Store, printer: Printer, station: str) -> Tried:
    """Hold the printer until it is known: the next label must not be taken for this one."""
    async with printer.connect() as link:
        before = await look(link, printer, spool.counted(store.reader, printer.name))
        if isinstance(before, NotNow):
            raise Refused(409, "printer_not_ready", f"{before.sentence} {before.next_step}")
        await store.run(partial(spool.expect_one_more, printer=printer.name))
        try:
            async with asyncio.timeout(LONGEST_S):
                await link.send(label_text(printer.name, station, printer.dpi))
                verdict = await wait_for_proof(link, printer, before, time.monotonic, asyncio.sleep)
        except TimeoutError:
            return Tried(proof=False, sentence=UNKNOWN)
        except DeviceUnreachable as fault:
            return Tried(proof=False, sentence=f"{fault.sentence} {UNKNOWN}")
        if verdict.count_after is not None:
            await store.run(partial(spool.note_count, printer=printer.name, label_count=verdict.count_after))
        return _told(verdict)


def _told(verdict: Verdict) -> Tried:
    if isinstance(verdict, CameOut):
        return Tried(proof=True, sentence=f"The test came out: the printer says so ({verdict.evidence}).")
    return Tried(proof=False, sentence=f"{verdict.reason} Look at the printer.")


async def _slip(device: ReceiptPrinter, station: str) -> Tried:
    match await device.print(slip_text(device.name, station)):
        case NotPrinted() as no:
            raise Refused(409, "printer_away", f"{no.sentence} {no.next_step}")
        case PrintDoubt() as doubt:
            return Tried(proof=False, sentence=f"{doubt.sentence} {doubt.next_step}")
    return Tried(proof=True, sentence="The printer says that the test is on paper.")


def _escaped(text: str) -> str:
    return "".join(f"_{byte:02X}" for byte in text.encode())


LABELS_WAIT = "A label of this workplace is on its way or waits. Let it come out first, then print the test."
UNKNOWN = "Nobody knows whether the test came out: look at the printer."
