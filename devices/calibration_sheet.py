"""The codes of the calibration sheet, and how what came for them differs from what is printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

GS = b"\x1d"
MOST_PREFIX, MOST_GS_TEXT = 8, 8  # as long as the settings may be

Case = Literal["kept", "upper", "lower", "swapped"]


class SheetCode(NamedTuple):
    """One code of the sheet. `aim` is the identifier that a scanner sends for it."""

    id: str
    symbology: Literal["code128", "gs1-128"]
    aim: bytes
    data: bytes
    title: str


SHEET: Final = (
    SheetCode("layout", "code128", b"]C0", b"YZ-_/:;+=()[]AQWM", "Signs that change place between keyboards"),
    SheetCode("case", "code128", b"]C0", b"aBcDeF xYz 0123456789", "Capitals, small letters and digits"),
    SheetCode("signs", "code128", b"]C0", b"#a^b`c~d@e\\f{g}h|i$j%k&l'm\"n", "Signs that keyboards hide"),
    SheetCode("gs1", "gs1-128", b"]C1", b"010952123454321310LOT7\x1d21SN9", "GS1: item, batch and serial number"),
    SheetCode("tab", "code128", b"]C0", b"TAB\tTEST", "A code that holds a tabulator"),
)
"""Every code once (device_protocols 4.3, 4.4, 7.1)."""

DECISIVE: Final = tuple(code for code in SHEET if code.id != "tab")
"""The codes that settings must make right; a tabulator may be beyond what a scanner can send."""

Driver = Literal["keyboard_scanner", "serial_scanner"]


@dataclass(frozen=True)
class Learned:
    """What the scans say. `settings` are those that differ from the driver's defaults, as in edge.toml."""

    driver: Driver
    settings: dict[str, Any] = field(default_factory=dict)
    understood: bool = True
    """Whether there are settings under which every code that was scanned is explained."""
    complete: bool = True
    """Whether with them every code comes out as printed, with its identifier and its end."""
    sentences: tuple[str, ...] = ()
    """What to change on the scanner, and what was found, the most important first."""


@dataclass(frozen=True)
class Fit:
    """How the scans of the sheet differ from what is printed."""

    explained: int
    prefix: bytes = b""
    aim: bool = True
    case: Case = "kept"
    gs: bytes | None = GS
    """What came for GS; None when the code with GS was not scanned."""
    end: bytes = b""


_CASES: Final[dict[Case, Callable[[bytes], bytes]]] = {
    "kept": lambda data: data,
    "upper": bytes.upper,
    "lower": bytes.lower,
    "swapped": bytes.swapcase,
}


def fit(raws: Mapping[str, bytes], end: bytes = b"") -> Fit:
    """How well the decoded codes agree with the sheet; `end` is a pattern of what may follow each of them."""
    return max((_fit_case(raws, case, end) for case in _CASES), key=lambda each: each.explained)


def _fit_case(raws: Mapping[str, bytes], case: Case, end: bytes) -> Fit:
    matches = [_match(code, raws.get(code.id), case, end) for code in DECISIVE]
    prefixes = [match["prefix"] for match in matches if match is not None]
    if not prefixes:
        return Fit(0)
    prefix = max(set(prefixes), key=prefixes.count)
    good = [match for match in matches if match is not None and match["prefix"] == prefix]
    gs = [match["gs"] for match in good if "gs" in match.re.groupindex]
    ends = {match["end"] for match in good}
    return Fit(
        explained=len(good) if len(ends) == 1 else 0,
        prefix=prefix,
        aim=all(match["aim"] is not None for match in good),
        case=case,
        gs=gs[0] if gs else None,
        end=ends.pop(),
    )


def _match(code: SheetCode, raw: bytes | None, case: Case, end: bytes) -> re.Match[bytes] | None:
    """Prefix, identifier, the data with whatever stands for GS, and the end."""
    if raw is None:
        return None
    head, *rest = (re.escape(_CASES[case](part)) for part in code.data.split(GS))
    gs = b"(?P<gs>.{0,%d}?)" % MOST_GS_TEXT
    data = head + b"".join(gs + part for part in rest)
    aim = b"(?P<aim>%s)?" % re.escape(_CASES[case](code.aim))
    pattern = b"(?P<prefix>.{0,%d}?)%s%s(?P<end>%s)" % (MOST_PREFIX, aim, data, end)
    return re.fullmatch(pattern, raw, re.DOTALL)


def advice(found: Fit, *, gs_settable: bool) -> list[str]:
    """What to change on the scanner for what no setting can mend."""
    said = []
    if found.gs == b"":
        said.append(
            "The scanner leaves out the separator GS, so batch and serial numbers run together. "
            + (
                "Set it to send GS as Alt code 029, or as Ctrl and ]."
                if gs_settable
                else "Set it to send control characters."
            )
        )
    if found.case in ("upper", "lower"):
        letters = "capitals" if found.case == "upper" else "small letters"
        said.append(f"The scanner turns all letters into {letters}. Switch its case conversion off.")
    if not found.aim:
        said.append("The scanner sends no AIM identifiers, the only sure sign of a GS1 code. Switch them on.")
    return said
