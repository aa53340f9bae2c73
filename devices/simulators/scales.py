"""Every scale protocol that can be simulated, by the name `edge-agent simulate scale --protocol` uses."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from devices.protocols.parity import Parity
from devices.simulators.scale import Speech


class Spoken(NamedTuple):
    """How a protocol is spoken, the driver that understands it, and the line it usually has."""

    driver: str
    speech: Callable[[], Speech]
    parity: Parity | None = None
    """That of a line of seven data bits; None for eight data bits."""
    baudrate: int = 9600


SPEECHES: dict[str, Spoken] = {}
"""MT-SICS is not here: its simulator knows far more than a speech (`mt_sics_scale`)."""
