"""The text of a shipping label for a 4 x 6 inch printer at 203 dpi. Data never becomes commands. No IO."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,-/")


def tracking_number(seq: int) -> str:
    """A number of our own house, as no carrier is connected: HQ, ten digits, and a check digit over them."""
    digits = f"{seq:010d}"
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return f"HQ{digits}{(10 - total % 10) % 10}"


def zpl(shipment: sqlite3.Row, packages: Sequence[sqlite3.Row]) -> str:
    """One label for each package: address, carrier, tracking number, package number, SSCC where it has one."""
    address = json.loads(shipment["to_address"]) if shipment["to_address"] else {}
    return "".join(
        _label(shipment, address, package, f"{number} / {len(packages)}")
        for number, package in enumerate(packages, start=1)
    )


def return_zpl(return_id: str, lines: Sequence[str]) -> str:
    """The label of a parcel that comes back: a few lines for people and the return's number as a code."""
    parts = ["^XA^CI28^PW812^LL1218"]
    parts += [f"^FO40,{60 + 60 * place}^A0N,44,44{_field(line)}" for place, line in enumerate(lines) if line]
    return "\n".join([*parts, f"^FO40,540^BY2^BCN,200,Y,N,N,A{_field(return_id)}", "^XZ", ""])


def _label(shipment: sqlite3.Row, address: dict[str, str | None], package: sqlite3.Row, number: str) -> str:
    town = " ".join(address.get(part) or "" for part in ("postal_code", "city", "region"))
    lines = [address.get("name"), address.get("address1"), address.get("address2"), town, address.get("country")]
    shown = [line for line in lines if line and line.strip()]
    carrier = f"{shipment['carrier_hint'] or ''} {shipment['service_code'] or ''}"
    parts = ["^XA^CI28^PW812^LL1218"]
    parts += [f"^FO40,{60 + 60 * place}^A0N,44,44{_field(line)}" for place, line in enumerate(shown)]
    parts += [f"^FO40,420^A0N,40,40{_field(carrier)}", f"^FO560,420^A0N,40,40{_field(number)}"]
    parts += [f"^FO40,480^A0N,30,30{_field(str(package['package_id']) + ' ' + str(package['weight_g']) + ' g')}"]
    parts += [f"^FO40,540^BY3^BCN,200,Y,N,N,A{_field(shipment['tracking_number'])}"]
    if package["sscc"]:
        parts.append(f"^FO40,840^BY3^BCN,200,Y,N,N,D{_field('(00)' + package['sscc'])}")
    return "\n".join([*parts, "^XZ", ""])


def _field(text: str) -> str:
    """A ^FD field whose unusual bytes are hex-escaped, so that no text can end it or begin a command."""
    escaped = "".join(chr(byte) if byte in SAFE else f"_{byte:02X}" for byte in text.encode())
    return f"^FH_^FD{escaped}^FS"
