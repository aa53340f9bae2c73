"""`edge-agent simulate scale | scanner | printer`: a device that is not there, for any software to talk to."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, get_args

import click

from agent.cli.common import Refusal
from devices.line_settings import BAUDRATES
from devices.readings import UNIT_MG, Unit

READ_SIZE = 4096
LONGEST_LINE = 10_000

Obey = Callable[[str, str], Awaitable[None]]
"""Does what a line says: its first word, and the rest."""


@click.group()
def simulate() -> None:
    r"""A simulated device on a pseudo terminal or TCP port.

    While it runs, lines on its standard input play with it: `unplug`, `replug`, `fault NAME`, `fault none`, `quit`;
    a scale also takes `load 1.234`, a scanner `scan ]C101…` (`\x1d` is GS).
    """


@simulate.command()
@click.option("--protocol", default="mt_sics", show_default=True, help="A name that is unknown lists all.")
@click.option("--link", type=click.Path(path_type=Path), help="Path under which its terminal is found.")
@click.option("--tcp", is_flag=True, help="On a TCP port of this machine instead.")
@click.option("--unit", type=click.Choice(get_args(Unit)), default="kg", show_default=True)
@click.option("--resolution", default="0.001", show_default=True, help="One step, in the unit.")
@click.option("--capacity", default="30", show_default=True, help="In the unit.")
@click.option("--baudrate", type=click.Choice([str(rate) for rate in BAUDRATES]), help="Garbles every other speed.")
@click.option("--fault", help="Broken from the start; a name that is unknown lists all.")
def scale(
    protocol: str,
    link: Path | None,
    unit: Unit,
    resolution: str,
    capacity: str,
    baudrate: str | None,
    fault: str | None,
    *,
    tcp: bool,
) -> None:
    """A scale that speaks PROTOCOL."""
    from devices.simulators.mt_sics_scale import SCALE_FAULTS, MtSicsScaleSimulator  # noqa: PLC0415
    from devices.simulators.scale import SPEECH_FAULTS, ScaleSimulator  # noqa: PLC0415
    from devices.simulators.scales import SPEECHES  # noqa: PLC0415

    body: dict[str, Any] = {
        "unit": unit,
        "resolution": _number("--resolution", resolution),
        "capacity": _number("--capacity", capacity),
        "tcp": tcp,
        "baudrate": int(baudrate) if baudrate else None,
    }
    faults: tuple[str, ...] = SPEECH_FAULTS
    if protocol == "mt_sics":
        device: Any = MtSicsScaleSimulator(link, **body)
        driver, faults = "mt_sics_scale", SCALE_FAULTS
    elif protocol in SPEECHES:
        spoken = SPEECHES[protocol]
        device, driver = ScaleSimulator(spoken.speech(), link, parity=spoken.parity, **body), spoken.driver
    else:
        raise Refusal(f"There is no protocol {protocol!r}; there is {', '.join(['mt_sics', *SPEECHES])}.")

    async def obey(word: str, rest: str) -> None:
        if word != "load":
            raise Refusal("A scale takes: load WEIGHT, fault NAME, unplug, replug, quit.")
        device.put_load_mg(int(_number("load", rest) * UNIT_MG[unit]))

    _run(device, driver, faults, fault, obey)


@simulate.command()
@click.option("--link", type=click.Path(path_type=Path), help="Path under which its terminal is found.")
@click.option("--suffix", default=r"\r\n", show_default=True, help="What it sends after a code.")
@click.option("--prefix", default="", help="What it sends before a code.")
@click.option("--baudrate", type=click.Choice([str(rate) for rate in BAUDRATES]), help="Garbles every other speed.")
@click.option("--fault", help="Broken from the start; a name that is unknown lists all.")
def scanner(link: Path | None, suffix: str, prefix: str, baudrate: str | None, fault: str | None) -> None:
    """A scanner on a serial line."""
    from devices.simulators.line_scanner import LineScannerSimulator  # noqa: PLC0415
    from devices.simulators.wire import WIRE_FAULTS  # noqa: PLC0415

    speed = int(baudrate) if baudrate else None
    device = LineScannerSimulator(link, _bytes(suffix), _bytes(prefix), baudrate=speed)

    async def obey(word: str, rest: str) -> None:
        if word != "scan" or not rest:
            raise Refusal("A scanner takes: scan CODE, fault NAME, unplug, replug, quit.")
        await device.scan(_bytes(rest))

    _run(device, "serial_scanner", tuple(WIRE_FAULTS), fault, obey)


@simulate.command()
@click.option("--folder", type=click.Path(path_type=Path), help="Every label is written here as a file.")
@click.option("--fault", help="Broken from the start; a name that is unknown lists all.")
def printer(folder: Path | None, fault: str | None) -> None:
    """A ZPL label printer on a TCP port."""
    from devices.simulators.zpl_printer import PRINTER_FAULTS, ZplPrinterSimulator  # noqa: PLC0415

    device = ZplPrinterSimulator(folder)

    async def obey(_word: str, _rest: str) -> None:
        raise Refusal("A printer takes: fault NAME, unplug, replug, quit.")

    _run(device, "zpl_printer", tuple(PRINTER_FAULTS), fault, obey)


def _run(device: Any, driver: str, faults: tuple[str, ...], fault: str | None, obey: Obey) -> None:
    _set_fault(device, faults, fault)
    asyncio.run(_until_stopped(device, driver, faults, obey))


def _set_fault(device: Any, faults: tuple[str, ...], fault: str | None) -> None:
    wanted = None if fault in (None, "none", "") else fault
    if wanted is not None and wanted not in faults:
        raise Refusal(f"It has no fault {wanted!r}; it has {', '.join(faults)}.")
    if hasattr(device, "set_faults"):
        device.set_faults(*([wanted] if wanted else []))
    else:
        device.set_fault(wanted)


async def _until_stopped(device: Any, driver: str, faults: tuple[str, ...], obey: Obey) -> None:
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[str]()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lines.put_nowait, "quit")
    await device.start()
    print(f'driver = "{driver}"')
    for key, value in device.address.items():
        print(f"{key} = {value}" if isinstance(value, int) else f'{key} = "{value}"', flush=True)
    threading.Thread(target=_read_lines, args=(loop, lines), daemon=True).start()
    try:
        while (line := (await lines.get()).strip()) != "quit":
            word, _, rest = line.partition(" ")
            try:
                await _obey(device, faults, obey, word, rest.strip())
            except Refusal as refusal:
                print(refusal.message, file=sys.stderr, flush=True)
    finally:
        await device.stop()


async def _obey(device: Any, faults: tuple[str, ...], obey: Obey, word: str, rest: str) -> None:
    match word:
        case "":
            return
        case "unplug":
            await device.unplug()
        case "replug":
            await device.replug()
        case "fault":
            _set_fault(device, faults, rest)
        case _:
            await obey(word, rest)
    print("ok", flush=True)


def _read_lines(loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[str]) -> None:
    """In a thread of its own: a file or a closed input cannot be watched by the loop. At its end nothing stops."""
    pending = b""
    while data := os.read(sys.stdin.fileno(), READ_SIZE):
        *whole, pending = (pending + data)[-LONGEST_LINE:].split(b"\n")
        for line in whole:
            loop.call_soon_threadsafe(lines.put_nowait, line.decode("utf-8", "replace"))


def _number(what: str, text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Refusal(f"{what} takes a number such as 1.234 (got {text[:20]!r}).") from None
    if not number.is_finite():
        raise Refusal(f"{what} takes a number such as 1.234 (got {text[:20]!r}).")
    return number


def _bytes(text: str) -> bytes:
    r"""The bytes a person wrote, with \r, \n, \t and \x1d as in a program."""
    try:
        return text.encode("latin-1", "backslashreplace").decode("unicode_escape").encode("latin-1")
    except UnicodeError:
        raise Refusal(f"This cannot be read: {text[:60]!r}. Write a control character as \\x1d.") from None
