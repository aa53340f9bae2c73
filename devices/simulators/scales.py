"""Every scale protocol that can be simulated, by the name `edge-agent simulate scale --protocol` uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from devices.protocols.parity import Parity
from devices.simulators.adam_scale import CpwPlusSpeech
from devices.simulators.and_scale import AndSpeech
from devices.simulators.cas_ecr_scale import CasEcrSpeech
from devices.simulators.cas_scale import CasSpeech
from devices.simulators.hid_scale import HidScaleSpeech, ReportWire
from devices.simulators.mettler_8217_scale import Mettler8217Speech
from devices.simulators.mettler_continuous_scale import MettlerContinuousSpeech
from devices.simulators.nci_scale import NciSpeech
from devices.simulators.ohaus_scale import OhausSpeech
from devices.simulators.radwag_scale import RadwagSpeech
from devices.simulators.sartorius_sbi_scale import SartoriusSbiSpeech
from devices.simulators.scale import ScaleSimulator, Speech, SpeechFault
from devices.simulators.sma_scale import SmaSpeech
from devices.simulators.ultegra_scale import UltegraSpeech


class Spoken(NamedTuple):
    """How a protocol is spoken, the driver that understands it, and the line it usually has."""

    driver: str
    speech: Callable[[], Speech]
    parity: Parity | None = None
    """That of a line of seven data bits; None for eight data bits."""
    baudrate: int = 9600
    step: Decimal = Decimal("0.001")
    """The finest step, in kg, that its frames can show."""
    wire: Literal["serial", "hidraw"] = "serial"
    settings: Mapping[str, Any] = MappingProxyType({})
    """What the driver must be told beside the line, for a scale that weighs in kg."""
    cannot: frozenset[SpeechFault] = frozenset()
    """The faults that its frames have no way to tell."""

    def simulator(self, place: Path, *, tcp: bool = False, **scale: Any) -> ScaleSimulator:
        """A scale that speaks so, reached at `place` or, with `tcp`, over the network; `scale` is its body."""
        scale = {"resolution": self.step, **scale}
        if self.wire == "hidraw":
            return ScaleSimulator(self.speech(), wire=lambda received: ReportWire(received, place), **scale)
        parity = None if tcp else self.parity  # a converter to the network takes the parity off
        baudrate = None if tcp else self.baudrate
        return ScaleSimulator(self.speech(), place, tcp=tcp, parity=parity, baudrate=baudrate, **scale)


SPEECHES: dict[str, Spoken] = {
    "and": Spoken("and_scale", AndSpeech, "even", 2400),
    "and_dp": Spoken("and_scale", lambda: AndSpeech(form="dp"), "even", 2400),
    "and_indicator": Spoken("and_scale", lambda: AndSpeech(form="indicator"), "even", 2400),
    "and_mt": Spoken("and_scale", lambda: AndSpeech(form="mt"), "even", 2400),
    "cas_18_byte": Spoken("cas_scale", lambda: CasSpeech(form="18_byte"), settings={"form": "18_byte"}),
    "cas_22_byte": Spoken("cas_scale", CasSpeech),
    "cas_ecr": Spoken("cas_ecr_scale", CasEcrSpeech),
    "cpwplus": Spoken("adam_scale", CpwPlusSpeech, cannot=frozenset({"over", "under", "error"})),
    "ohaus": Spoken("ohaus_scale", OhausSpeech),
    "radwag": Spoken("radwag_scale", RadwagSpeech),
    "sartorius_sbi": Spoken("sartorius_sbi_scale", SartoriusSbiSpeech),
    "sartorius_sbi_22": Spoken("sartorius_sbi_scale", lambda: SartoriusSbiSpeech(identified=True)),
    "mettler_8217": Spoken("mettler_8217_scale", Mettler8217Speech, "even", settings={"unit": "kg"}),
    "mettler_continuous": Spoken("mettler_continuous_scale", MettlerContinuousSpeech, "even"),
    "nci_scp02": Spoken("nci_scale", NciSpeech, "even", settings={"has_tare": True}),
    "nci_scp01": Spoken("nci_scale", lambda: NciSpeech("scp-01"), "even"),
    "sma": Spoken("sma_scale", SmaSpeech),
    "ultegra": Spoken("ultegra_scale", lambda: UltegraSpeech(parcels=True), step=Decimal("0.01")),
    "hid": Spoken("hid_scale", HidScaleSpeech, wire="hidraw", settings={"zero_report": "02 02"}),
}
"""MT-SICS is not here: its simulator knows far more than a speech (`mt_sics_scale`)."""
