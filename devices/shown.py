"""Readings and states as JSON members and as a line of text, for whoever watches a device."""

from __future__ import annotations

from typing import Any

from devices.readings import BadFrame, DeviceState, Reading, Scan, Weight

MAX_BYTES = 400
"""Of one frame: a code of a thousand characters need not be shown in full."""

Shown = dict[str, Any]


def as_json(told: Reading | DeviceState) -> Shown:
    """What a device said, as members; bytes are hex, a number keeps its digits."""
    match told:
        case DeviceState():
            more: Shown = {"state": told.state, "sentence": told.sentence, "next_step": told.next_step}
            return {"kind": "state", "device": told.device, **more}
        case Scan():
            more = {"data": told.data[:MAX_BYTES].hex(), "symbology": told.symbology}
            return {"kind": "scan", "device": told.device, "t_mono": told.t_mono, **more}
        case BadFrame():
            more = {"why": told.why, "raw": told.raw[:MAX_BYTES].hex()}
            return {"kind": "bad_frame", "device": told.device, "t_mono": told.t_mono, **more}
    more = {
        "value": None if told.value is None else str(told.value),
        "unit": told.unit,
        "weight_mg": told.weight_mg,
        "stability": told.stability,
        "range": told.range,
        "mode": told.mode,
        "fault": told.fault,
        "raw": told.raw[:MAX_BYTES].hex(),
    }
    return {"kind": "weight", "device": told.device, "t_mono": told.t_mono, **more}


def line_of(shown: Shown) -> str:
    """The same for a person at a terminal: one line, its control characters made visible."""
    name = f"{shown['device']:16}"
    match shown["kind"]:
        case "state":
            return f"{name} {shown['state']:8} {shown['sentence']} {shown['next_step']}".rstrip()
        case "scan":
            code = bytes.fromhex(shown["data"])
            return f"{name} scan     {shown['symbology'] or '   '} {repr(code)[1:]}"
        case "bad_frame":
            return f"{name} bad      {shown['why']}: {shown['raw']}"
    if shown["fault"] is not None:
        what = shown["fault"]
    elif shown["value"] is None:
        what = f"range {shown['range']}" if shown["range"] in ("over", "under") else "no number"
    else:
        what = f"{shown['value']} {shown['unit']}"
    return f"{name} weight   {what:>16}  {shown['stability']}"


def told_of(weight: Weight) -> str:
    """A weight in a few words: its number and unit, or why it has none."""
    return " ".join(line_of(as_json(weight)).split()[2:])
