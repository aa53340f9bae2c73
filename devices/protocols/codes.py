"""What every scanner's driver does with one code: the prefix, the AIM identifier, and two codes run together."""

from __future__ import annotations

import re

from devices.readings import BadFrame, Scan

MAX_SCAN = 4096  # the largest 2D symbols hold under 3 KB; more without an end means a wrong terminator or baud rate

AIM = re.compile(rb"\][A-Za-z][0-9A-Za-z]")

# A linear symbol cannot hold another one's identifier by chance; a QR code may hold any text.
_SECOND_AIM = re.compile(rb"\][ACEFGIe][0-9]")
_LINEAR = frozenset("ACEFGIe")
_LONGEST = {"]E0": 13, "]E4": 8}
_SSCC_ELEMENT, _EAN_13 = 20, 13
_TWICE = frozenset({2 * _SSCC_ELEMENT, 2 * _EAN_13})


def reading(device: str, code: bytes, prefix: bytes, t_mono: float, *, terminated: bool = True) -> Scan | BadFrame:
    """One code as it arrived, without its end. `terminated` is False when only a pause ended it."""
    rest = code
    if prefix:
        if not code.startswith(prefix):
            return BadFrame(device, code, f"does not start with the prefix {prefix!r}", t_mono)
        rest = code[len(prefix) :]
    aim = AIM.match(rest) if rest[:1] == b"]" else None
    data = rest[aim.end() :] if aim else rest
    if not data:
        return BadFrame(device, code, "holds no code", t_mono)
    symbology = aim.group().decode("ascii") if aim else None
    if _is_two_codes(data, symbology, terminated=terminated):
        return BadFrame(device, code, "two codes ran together: scan them one by one", t_mono)
    return Scan(device, data, symbology, t_mono, terminated)


def _is_two_codes(data: bytes, symbology: str | None, *, terminated: bool) -> bool:
    """Whether this is surely two codes (device_protocols 4.5). Where it may be one, it is left to the floor."""
    if symbology is not None and symbology[1] in _LINEAR and _SECOND_AIM.search(data):
        return True
    if symbology in _LONGEST:
        return len(data) > _LONGEST[symbology]
    if len(data) not in _TWICE or not data.isdigit():
        return False
    first, second = data[: len(data) // 2], data[len(data) // 2 :]
    if len(first) == _SSCC_ELEMENT:
        return all(each.startswith(b"00") and _checks(each[2:]) for each in (first, second))
    return not terminated and _checks(first) and _checks(second)


def _checks(digits: bytes) -> bool:
    """Whether the last digit is the check digit of the others (device_protocols 7.3)."""
    total = sum((byte - 0x30) * (3 if place % 2 else 1) for place, byte in enumerate(reversed(digits)))
    return total % 10 == 0
