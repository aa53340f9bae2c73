"""The keyboard layouts a scanner may be programmed for, by name. The layout of the machine does not matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from devices.protocols.keyboards.de import DE
from devices.protocols.keyboards.fr import FR
from devices.protocols.keyboards.layout import Layout
from devices.protocols.keyboards.uk import UK
from devices.protocols.keyboards.us import US

LayoutName = Literal["us", "uk", "de", "fr"]

LAYOUTS: Final[Mapping[LayoutName, Layout]] = {"us": US, "uk": UK, "de": DE, "fr": FR}

__all__ = ["LAYOUTS", "Layout", "LayoutName"]
