"""The IEEE-1284 id of a USB printer: `MFG:…;CMD:ZPL;MDL:…;` behind two bytes of length (device_protocols 9.6)."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_ID = 1024
_LENGTH_BYTES = 2
_FIELD = re.compile(r"\s*([A-Za-z][A-Za-z0-9 ]{0,30}):([^;]{0,200})")


@dataclass(frozen=True, slots=True)
class DeviceId:
    """What a printer says it is; an empty text where it does not say. `languages` are those it is sent."""

    manufacturer: str
    model: str
    languages: tuple[str, ...]
    serial: str

    @property
    def speaks_zpl(self) -> bool | None:
        """Whether it names ZPL among its languages; None when it names none."""
        return any("ZPL" in language.upper() for language in self.languages) if self.languages else None


def device_id_in(raw: bytes) -> DeviceId:
    """The id in an answer to LPIOC_GET_DEVICE_ID. The length counts its own two bytes; some printers count wrong."""
    text = raw[_LENGTH_BYTES:MAX_ID].split(b"\x00", 1)[0].decode("latin-1")
    text = "".join(letter for letter in text if letter.isprintable())
    fields = {match[1].upper(): match[2].strip() for match in map(_FIELD.match, text.split(";")) if match}

    def said(*keys: str) -> str:
        return next((fields[key] for key in keys if fields.get(key)), "")

    languages = tuple(word.strip() for word in said("CMD", "COMMAND SET").split(",") if word.strip())
    return DeviceId(said("MFG", "MANUFACTURER"), said("MDL", "MODEL"), languages, said("SN", "SERN", "SERIALNUMBER"))
