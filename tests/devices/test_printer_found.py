"""Printers on the network: found by what they announce, and followed by their serial number."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from devices.discovery import Announced, FoundPrinter, NoDiscovery, find_printers, who_is
from devices.driver import Surroundings
from devices.drivers.zpl_printer import ZplPrinter
from devices.drivers.zpl_settings import ZplPrinterSettings
from devices.simulators.announcing import LOOPBACK, announced
from devices.simulators.zpl_printer import ZplPrinterSimulator
from devices.transports import ConnectRefused
from tests.devices.support import soon, until, watched
from tests.support.patient_loop import patient_now

LABEL = b"^XA^FO30,30^FDPL-7^FS^PQ1^XZ"


class Network:
    """Two printers, of which the agent is meant to use the one with serial number OURS; and a search that is ours."""

    def __init__(self) -> None:
        self.ours = ZplPrinterSimulator(serial="OURS", print_s=0.01)
        self.other = ZplPrinterSimulator(serial="OTHER", print_s=0.01)
        self.announces: list[FoundPrinter] = []
        self.searches = 0
        self.now = 0.0
        self.fault: NoDiscovery | None = None

    async def find(self, seconds: float) -> list[FoundPrinter]:
        assert seconds > 0
        self.searches += 1
        if self.fault is not None:
            raise self.fault
        return self.announces

    def printer(self, at: ZplPrinterSimulator, **settings: Any) -> ZplPrinter:
        given = {"answer_timeout_s": 0.2, "status_interval_s": 0.2, "serial": "OURS", **at.address, **settings}
        around = Surroundings(lambda: patient_now() + self.now, soon)
        return ZplPrinter("pack1", ZplPrinterSettings.model_validate(given), around, self.find)

    def found(self, simulator: ZplPrinterSimulator) -> FoundPrinter:
        return FoundPrinter("Zebra", LOOPBACK, simulator.port, simulator.manners.serial, "ZT411")


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    made = Network()
    await made.ours.start()
    await made.other.start()
    yield made
    await made.ours.stop()
    await made.other.stop()


async def print_one(printer: ZplPrinter) -> None:
    async with printer.connect() as link:
        assert await link.status() is not None
        await link.send(LABEL)


async def test_printers_that_announce_themselves_are_found_and_label_printers_are_asked_who_they_are(
    network: Network,
) -> None:
    async with AsyncExitStack() as stack:
        announcements = [
            announced(f"Zebra ZT411 {network.ours.port}", network.ours.port, {"ty": "Zebra ZT411"}),
            announced(f"Office {network.other.port}", network.other.port, {"ty": "LaserJet"}),
        ]
        await asyncio.gather(*(stack.enter_async_context(each) for each in announcements))
        found: dict[int, FoundPrinter] = {}
        while not {network.ours.port, network.other.port} <= found.keys():  # a busy machine hears them later
            found = {printer.port: printer for printer in await find_printers(0.5, [LOOPBACK])}
    assert found[network.ours.port] == FoundPrinter(
        f"Zebra ZT411 {network.ours.port}", LOOPBACK, network.ours.port, "OURS", "WarehouseSim"
    )
    office = found[network.other.port]
    assert (office.name, office.serial, office.model) == (f"Office {network.other.port}", "", "")


async def test_a_printer_that_does_not_speak_zpl_is_never_asked_because_it_would_print_the_question(
    network: Network,
) -> None:
    said = await who_is(Announced("LaserJet 4", LOOPBACK, network.other.port, ("application/postscript",)))
    assert said == FoundPrinter("LaserJet 4", LOOPBACK, network.other.port, "", "")
    asked = await who_is(Announced("label", LOOPBACK, network.other.port, ("application/vnd.zebra-zpl",)))
    assert (asked.serial, asked.model) == ("OTHER", "WarehouseSim")


async def test_a_printer_that_announces_itself_and_is_gone_is_listed_without_a_serial_number(
    network: Network,
) -> None:
    await network.ours.unplug()
    said = await who_is(Announced("Zebra", LOOPBACK, network.ours.port, ()))
    assert said == FoundPrinter("Zebra", LOOPBACK, network.ours.port, "", "")


async def test_without_the_optional_part_the_search_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zeroconf", None)
    with pytest.raises(NoDiscovery, match=r"the optional part 'discovery': pip install"):
        await find_printers(0.01)


async def test_the_printer_that_is_meant_is_used_without_a_search(network: Network) -> None:
    await print_one(network.printer(network.ours))
    await until(lambda: network.ours.labels == [LABEL], "the label")
    assert network.searches == 0


async def test_another_printer_at_the_address_never_gets_a_label_and_the_right_one_is_found(network: Network) -> None:
    network.announces = [network.found(network.other), network.found(network.ours)]
    await print_one(network.printer(network.other))
    await until(lambda: network.ours.labels == [LABEL], "the label")
    assert network.other.formats_received == 0


async def test_a_printer_whose_address_changed_is_followed_and_a_note_says_so(network: Network) -> None:
    network.announces = [network.found(network.ours)]
    await network.other.unplug()
    printer = network.printer(network.other)
    async with watched(printer) as says:
        await says.ready()
        assert f"It is at 127.0.0.1 port {network.ours.port} and no longer" in says.sentence
        assert "devices.pack1.host" in says.sentence
    assert network.searches == 1, "the new address is kept"


async def test_a_printer_that_comes_back_to_its_first_address_is_used_there(network: Network) -> None:
    network.announces = [network.found(network.ours)]
    printer = network.printer(network.other)
    await print_one(printer)
    network.other.manners.serial, network.ours.manners.serial = "OURS", "OTHER"
    await print_one(printer)
    await until(lambda: network.other.labels == [LABEL], "the label")
    assert (network.searches, len(network.ours.labels)) == (1, 1)


async def test_while_the_right_one_is_not_found_nothing_is_sent_and_the_network_is_searched_now_and_then(
    network: Network,
) -> None:
    printer = network.printer(network.other)
    network.announces = [network.found(network.other)]
    for _ in range(3):
        with pytest.raises(ConnectRefused, match="its serial number is 'OTHER' and not 'OURS'") as refused:
            await print_one(printer)
        assert "devices.pack1.host or serial" in refused.value.next_step
    assert network.searches == 1
    network.now += 60
    network.announces = [network.found(network.ours)]
    await print_one(printer)
    await until(lambda: network.ours.labels == [LABEL], "the label")
    assert network.other.formats_received == 0


async def test_what_the_search_found_is_asked_once_more_before_a_label_goes_there(network: Network) -> None:
    """The list may be old: what announced itself under that address may be another printer by now."""
    network.announces = [network.found(network.other)._replace(serial="OURS")]
    await network.ours.unplug()
    with pytest.raises(ConnectRefused, match="its serial number is 'OTHER'"):
        await print_one(network.printer(network.ours))
    assert network.other.formats_received == 0


async def test_a_search_that_cannot_be_made_says_so_beside_the_reason(network: Network) -> None:
    network.fault = NoDiscovery("Install the optional part.")
    await network.ours.unplug()
    with pytest.raises(ConnectRefused, match="Cannot reach 'pack1'") as refused:
        await print_one(network.printer(network.ours))
    assert refused.value.next_step.endswith("Install the optional part.")


async def test_a_printer_that_does_not_say_its_serial_number_gets_nothing(network: Network) -> None:
    network.ours.set_faults("silent")
    with pytest.raises(ConnectRefused, match="does not say its serial number, so nothing is sent to it"):
        await print_one(network.printer(network.ours))


async def test_a_printer_that_only_says_what_is_wrong_with_it_is_told_so(network: Network) -> None:
    network.ours.manners.deaf_to = b"SN"
    network.ours.manners.serial = "?"
    network.ours.set_faults("paper_out")
    async with watched(network.printer(network.ours)) as says:
        await says.away("is out of labels")


async def test_a_printer_that_hangs_up_when_it_is_asked_has_refused_and_is_looked_for(network: Network) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.close()

    server = await asyncio.start_server(hang_up, LOOPBACK, 0)
    with pytest.raises(ConnectRefused, match="it closed the connection"):
        await print_one(network.printer(network.ours, port=server.sockets[0].getsockname()[1]))
    assert network.searches == 1
    server.close()


async def test_every_refusal_of_a_printer_closes_its_connection(network: Network) -> None:
    with pytest.raises(ConnectRefused):
        await print_one(network.printer(network.other))
    await until(lambda: not network.other._serving, "the connection is closed")
