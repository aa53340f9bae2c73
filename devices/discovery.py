"""Label printers on the network: found by what they announce (mDNS), and asked who they are."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, NamedTuple

from devices.drivers.zpl_link import ZplLink
from devices.transports import DeviceUnreachable, TcpTransport

log = logging.getLogger(__name__)

RAW_PORT_SERVICE = "_pdl-datastream._tcp.local."
LPD_SERVICE = "_printer._tcp.local."
RAW_PORT = 9100
MAX_FOUND = 64
ANSWER_S = 1.0
AT_ONCE = 8
ALL_ANSWERS_S = 8.0
"""For so long all of them together are asked; who waits for a printer waits for this."""
MAX_NAME = 80

# What is not known to speak ZPL is not asked: an office printer prints a page for every question.
_SPEAKS_ZPL = re.compile(r"\bzpl|zebra|\bztc\b|\bz[dtq]\d{3}", re.IGNORECASE)


class FoundPrinter(NamedTuple):
    """A printer that announces itself; `serial` and `model` are empty where it was not asked or did not say."""

    name: str
    host: str
    port: int
    serial: str
    model: str


class Announced(NamedTuple):
    """What a printer announces, before it is asked; `told` are the values of its TXT record."""

    name: str
    host: str
    port: int
    told: tuple[str, ...]


class NoDiscovery(Exception):  # noqa: N818 -- says what is missing
    """The network cannot be searched; the message says why and what to do."""


Finder = Callable[[float], Awaitable[list[FoundPrinter]]]
"""Searches for so many seconds. Raises NoDiscovery."""


async def find_printers(seconds: float, interfaces: Sequence[str] | None = None) -> list[FoundPrinter]:
    """Every printer that announces itself within `seconds`, each that seems to speak ZPL asked who it is.

    `interfaces` are the addresses of this machine to search at; all when None. Raises NoDiscovery.
    """
    announced = await _announced(seconds, interfaces)
    limit, over = asyncio.Semaphore(AT_ONCE), asyncio.get_running_loop().time() + ALL_ANSWERS_S

    async def ask(each: Announced) -> FoundPrinter:
        try:
            async with asyncio.timeout_at(over), limit:
                return await who_is(each)
        except TimeoutError:
            return _unasked(each)

    return await asyncio.gather(*(ask(each) for each in announced))


async def who_is(announced: Announced) -> FoundPrinter:
    """The printer with its serial number and model, asked on its raw port if what it announces speaks of ZPL."""
    name, host, port, told = announced
    if not _SPEAKS_ZPL.search(" ".join((name, *told))):
        return _unasked(announced)
    transport = TcpTransport(name, host, port, ANSWER_S)
    link = ZplLink(name, transport, time.monotonic, ANSWER_S)
    try:
        await transport.open()
        serial, identity = await link.serial_number(), await link.identity()
    except DeviceUnreachable as fault:
        log.info("a printer that announces itself does not answer: %s", fault.sentence)
        return _unasked(announced)
    finally:
        await link.close()
    return FoundPrinter(name, host, port, serial or "", _clean(identity.model) if identity else "")


def _unasked(announced: Announced) -> FoundPrinter:
    return FoundPrinter(announced.name, announced.host, announced.port, "", "")


def _clean(text: str) -> str:
    """Text from the network, for a person to read."""
    return "".join(letter for letter in text if letter.isprintable())[:MAX_NAME]


async def _announced(seconds: float, interfaces: Sequence[str] | None) -> list[Announced]:
    try:
        from zeroconf import DNSQuestionType, InterfaceChoice, IPVersion  # noqa: PLC0415 -- an optional part, and slow to load
        from zeroconf.asyncio import (  # noqa: PLC0415
            AsyncServiceBrowser,
            AsyncServiceInfo,
            AsyncZeroconf,
        )
    except ImportError as error:
        raise NoDiscovery(
            "Printers are found on the network only with the optional part 'discovery': "
            "pip install 'warehouse-edge-agent[discovery]'."
        ) from error
    names: dict[str, str] = {}

    def seen(zeroconf: Any, service_type: str, name: str, state_change: Any) -> None:  # noqa: ARG001 -- its names
        if len(names) < MAX_FOUND:
            names[name] = service_type

    try:
        network = AsyncZeroconf(
            interfaces=list(interfaces) if interfaces else InterfaceChoice.All, ip_version=IPVersion.V4Only
        )
    except OSError as error:
        raise NoDiscovery(
            f"The network cannot be searched for printers: {error.strerror}. Check its cable."
        ) from error
    try:
        # Asked to answer everybody: an answer to one address goes to one program at its port, and that may be Avahi.
        everybody = DNSQuestionType.QM
        browser = AsyncServiceBrowser(
            network.zeroconf, [RAW_PORT_SERVICE, LPD_SERVICE], handlers=[seen], question_type=everybody
        )
        await asyncio.sleep(seconds)
        await browser.async_cancel()
        infos = [AsyncServiceInfo(service_type, name) for name, service_type in names.items()]
        known = await asyncio.gather(
            *(info.async_request(network.zeroconf, ANSWER_S * 1000, question_type=everybody) for info in infos)
        )
        return _each_once(info for info, answered in zip(infos, known, strict=True) if answered)
    finally:
        await network.async_close()


def _each_once(infos: Iterable[Any]) -> list[Announced]:
    """One for each address and port; a printer that announces both services is listed by its raw port."""
    found: dict[tuple[str, int], Announced] = {}
    for info in infos:
        addresses = info.parsed_addresses()
        if not addresses:
            continue
        port = info.port if info.type == RAW_PORT_SERVICE and info.port else RAW_PORT
        told = tuple(str(value) for value in info.decoded_properties.values() if value)
        name = _clean(info.name.removesuffix(f".{info.type}"))
        found.setdefault((addresses[0], port), Announced(name, addresses[0], port, told))
    return list(found.values())
