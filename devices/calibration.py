"""The calibration sheet: known codes, and what their scans say about how a scanner is set.

Scan every code of the sheet once, and hand in what arrived, undecoded: of a scanner that types the records of its
event nodes, of one on a serial line its bytes. `learn` finds the settings under which all codes come out as they are
printed, and says in sentences what only the scanner itself can mend.
"""

from __future__ import annotations

from collections.abc import Mapping

from devices.calibration_keys import learn_keys
from devices.calibration_lines import learn_lines
from devices.calibration_sheet import DECISIVE, SHEET, Driver, Learned, SheetCode

__all__ = ["DECISIVE", "SHEET", "Driver", "Learned", "SheetCode", "learn"]


def learn(received: Mapping[str, bytes], driver: Driver) -> Learned:
    """What `received`, by the id of the code, says of the scanner. A code that is not in it was not scanned."""
    known = {code.id: received[code.id] for code in SHEET if received.get(code.id)}
    missing = [code.title for code in DECISIVE if code.id not in known]
    if missing:
        asked = (f"The code '{title}' was not scanned, or nothing came of it: scan it." for title in missing)
        return Learned(driver, understood=False, complete=False, sentences=tuple(asked))
    return learn_keys(known) if driver == "keyboard_scanner" else learn_lines(known)
