"""Scripted views of a station: what the screens are shown in the tests, made of the real orders' words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]
NOW = "2030-05-06T12:02:00.000Z"


def minutes_ago(minutes: int) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes, seconds=20)).isoformat()


def answer(number: int, tone: str, text: str, command_id: str = "") -> Json:
    return {
        "number": number,
        "command_id": command_id or f"other-{number}",
        "tone": tone,
        "code": tone,
        "text": text,
        "at": NOW,
    }


def device(name: str, kind: str, *, away: str = "", step: str = "") -> Json:
    return {
        "name": name,
        "kind": kind,
        "state": "away" if away else "ready",
        "sentence": away or f"{name} is ready.",
        "next_step": step,
    }


def lane(state: str = "reachable", sentence: str = "HQ is reachable.", **facts: Any) -> Json:
    quiet: Json = {
        "since": None,
        "unsent": 0,
        "oldest_unsent_at": None,
        "parked": 0,
        "not_deliverable": 0,
        "offline": [],
    }
    return {"lane": "hq", "state": state, "sentence": sentence, **quiet, **facts}


def action(do: str, label: str, *, enabled: bool = True, reasons: list[Json] | None = None, **of: Any) -> Json:
    pad, member = ("number", "quantity") if do == "quantity" else (None, "reason")
    usual: Json = {"pad": pad, "member": member, "body": {}}
    return {"do": do, "label": label, "enabled": enabled, "reasons": reasons, **usual, **of}


def reason(code: str, label: str) -> Json:
    return {"code": code, "label": label}


def doing(do: str, headline: str, detail: str = "", amount: str = "", code: str = "") -> Json:
    return {"do": do, "headline": headline, "detail": detail, "amount": amount, "code": code}


SIGN_OUT = action("sign-out", "Sign out")
SHORT = action(
    "short",
    "Short",
    reasons=[
        reason("empty", "Shelf is empty"),
        reason("fewer", "Fewer than asked"),
        reason("damaged", "Damaged"),
        reason("not_found", "Cannot find it"),
        reason("expired", "Past its date"),
    ],
)
KEY_SERIAL = action(
    "set",
    "Key the serial number",
    pad="text",
    member="value",
    body={"name": "serial"},
    ask="Serial number",
    place="first",
)
KEY_EXPIRY = action(
    "set",
    "Key the expiry date",
    pad="text",
    member="value",
    body={"name": "expiry"},
    ask="Expiry date, like 2031-03-31",
    place="first",
)
SERIALS = action(
    "serials",
    "Key many serial numbers",
    pad="texts",
    member="serials",
    ask="Serial numbers, one after the other",
    place="more",
)
REPLAN = action(
    "replan",
    "Take it elsewhere",
    reasons=[
        {"code": "B-02-1", "label": "B-02-1", "detail": "12 there"},
        {"code": "F-01-4", "label": "F-01-4", "detail": "3 there"},
    ],
    member="location_id",
    ask="Where is Queso Cabrales (NW-011) to be taken from?",
)
RELEASE = action(
    "picklist-release",
    "Put the list aside",
    reasons=[{"code": "break", "label": "Break"}, {"code": "end of shift", "label": "End of the shift"}],
    path="/v1/station/picklists/PICK-12/release",
    place="more",
)
REBIN = action(
    "picks-rebin",
    "Put goods back",
    reasons=[
        {
            "code": "task_1",
            "label": "Chang (NW-002)",
            "detail": "24 picked",
            "then": [
                {"ask": "How many?", "member": "qty", "reasons": None, "pad": "number"},
                {"ask": "To which location?", "member": "location_id", "reasons": None, "pad": "text"},
            ],
        }
    ],
    member="task_id",
    ask="What goes back?",
    body={"rebin_id": "screen"},
    path="/v1/station/picklists/PICK-12/rebin",
    wrap="rebins",
    place="more",
)
ZONE = action(
    "zone",
    "Zone A",
    reasons=[
        {"code": None, "label": "All of the warehouse"},
        {"code": "A", "label": "A"},
        {"code": "B", "label": "B"},
    ],
    member="zone",
    ask="In which zone do you pick?",
)
PICK_ACTIONS = [SHORT, action("undo", "Undo"), action("skip", "Skip"), action("quantity", "Key the number"), SIGN_OUT]


def pick_line(number: int, location: str, sku: str, name: str, qty: str, picked: str, state: str) -> Json:
    return {
        "task_id": f"task_{number}",
        "location_id": location,
        "sku": sku,
        "name": name,
        "order_id": "ord_10248",
        "qty": qty,
        "picked": picked,
        "short": "2" if state == "short" else "0",
        "state": state,
    }


PICKLIST = {
    "picklist_id": "PICK-12",
    "priority": "normal",
    "lines": [
        pick_line(1, "A-01-2", "NW-002", "Chang", "24", "24", "done"),
        pick_line(2, "B-02-1", "NW-008", "Northwoods Cranberry Sauce", "6", "6", "done"),
        pick_line(3, "C-01-3", "NW-049", "Maxilaku", "12", "10", "short"),
        pick_line(4, "C-02-2", "NW-021", "Sir Rodney's Scones", "4", "0", "skipped"),
        pick_line(5, "D-01-3", "NW-011", "Queso Cabrales", "10", "3", "current"),
        pick_line(6, "D-02-1", "NW-072", "Mozzarella di Giovanni", "5", "0", "open"),
        pick_line(7, "E-01-1", "NW-042", "Singaporean Hokkien Fried Mee", "10", "0", "open"),
        pick_line(8, "F-02-2", "NW-017", "Alice Mutton", "2", "0", "open"),
        pick_line(9, "G-01-1", "NW-051", "Manjimup Dried Apples", "40", "0", "open"),
    ],
}

PICK_DEVICES = [device("scanner", "scanner")]
PACK_DEVICES = [device("scanner", "scanner"), device("scale", "scale"), device("printer", "printer")]


def pick(next_thing: Json | None = None, **changes: Any) -> Json:
    """A picker in the middle of PICK-12, with `changes` to any member."""
    view = {
        "workplace": "pick",
        "work": "pick",
        "station": "north-3",
        "language": "en",
        "training": False,
        "same_scan_ms": 0,
        "worker": {"worker_id": "w1", "name": "Ana"},
        "devices": PICK_DEVICES,
        "lanes": [lane()],
        "problems": [],
        "answer": answer(3, "counted", "Queso Cabrales (NW-011): 3 of 10 counted."),
        "next": next_thing or doing("scan_item", "Queso Cabrales", "1 kg pkg. · D-01-3", "7 more → tote 2", "NW-011"),
        "progress": {"id": "PICK-12", "done": 4, "of": 9},
        "picklist": PICKLIST,
        "choices": [],
        "actions": PICK_ACTIONS,
    }
    return {**view, **changes}


def choice(number: str, title: str, detail: str, priority: str, lines: int, units: str, ship_by: str | None) -> Json:
    return {
        "id": number,
        "title": title,
        "detail": detail,
        "priority": priority,
        "lines": lines,
        "units": units,
        "ship_by": ship_by,
    }


CHOICES = [
    choice("PICK-12", "PICK-12", "Zones A to G · 2 totes", "high", 9, "113", "2030-05-06T14:00:00Z"),
    choice("PICK-13", "PICK-13", "Zone A · 1 tote", "normal", 3, "21", "2030-05-06T16:30:00Z"),
    choice("PICK-14", "PICK-14", "Zones B and D · 1 tote", "normal", 1, "1", None),
]

EMPTY_HANDS: Json = {"picklist": None, "progress": None, "answer": None, "actions": [SIGN_OUT]}


def parcel_line(number: int, sku: str, name: str, qty: str, packed: str, state: str) -> Json:
    return {
        "order_line_id": f"10248-{number}",
        "sku": sku,
        "name": name,
        "qty": qty,
        "packed": packed,
        "state": state,
    }


PARCEL: Json = {
    "fulfillment_id": "ful_1",
    "order_id": "ord_10249",
    "ship_to": {"name": "Toms Spezialitäten", "city": "Münster", "country": "Germany"},
    "lines": [
        parcel_line(1, "NW-014", "Tofu", "9", "9", "done"),
        parcel_line(2, "NW-051", "Manjimup Dried Apples", "4", "1", "current"),
        parcel_line(3, "NW-042", "Singaporean Hokkien Fried Mee", "10", "0", "open"),
        parcel_line(4, "NW-072", "Mozzarella di Giovanni", "5", "0", "open"),
    ],
    "package": {
        "package_id": "pkg_1",
        "state": "open",
        "sscc": None,
        "weight_text": None,
        "expected_text": "12.400 kg",
    },
}
FULL_PARCEL: Json = {
    **PARCEL,
    "lines": [{**line, "packed": line["qty"], "state": "done"} for line in PARCEL["lines"]],
}
SEALED_PARCEL: Json = {
    **FULL_PARCEL,
    "package": {
        "package_id": "pkg_1",
        "state": "sealed",
        "sscc": "340123450000000017",
        "weight_text": "12.340 kg",
        "expected_text": "12.400 kg",
    },
}


def parcel_of(number: int, state: str, weight_text: str | None = None, *, here: bool = False, **of: Any) -> Json:
    """One parcel of an order."""
    choose = action("parcel", f"parcel {number}", enabled=state != "sealed" and not here, body={"number": number})
    return {
        "package_id": f"pkg_{number}",
        "number": number,
        "state": state,
        "scans_go_here": here,
        "to_close_now": False,
        "sscc": None,
        "carton_id": None,
        "photo": None,
        "size": "",
        "box": "",
        "materials": [],
        "weight_text": weight_text,
        "expected_text": None,
        "holds": [],
        "choose": choose,
        **of,
    }


PARCELS = [
    parcel_of(1, "sealed", "6.120 kg"),
    parcel_of(2, "weighed", "4.080 kg"),
    parcel_of(
        3, "open", here=True, box="Medium box, 40 x 30 x 20 cm", materials=[{"material": "Bubble wrap", "qty": "2"}]
    ),
]
BOXES = action(
    "carton",
    "Box",
    reasons=[
        {"code": "BOX-M", "label": "Medium box", "detail": "40 x 30 x 20 cm"},
        {"code": "BOX-S", "label": "Small box", "detail": "20 x 10 x 10 cm"},
        {"code": "BOX-L", "label": "Large box", "detail": "60 x 40 x 40 cm"},
    ],
    member="carton_id",
    ask="Which box is parcel 3?",
)
HOW_MANY = {"ask": "How many?", "member": "qty", "reasons": None, "pad": "number"}
MATERIAL = action(
    "material",
    "Packing material",
    pad="text",
    member="material",
    ask="Name of the packing material",
    then=[HOW_MANY],
    place="more",
)
MEASURE = action(
    "measure",
    "Measure",
    pad="number",
    member="length_mm",
    ask="Length in mm",
    then=[
        {"ask": "Width in mm", "member": "width_mm", "reasons": None, "pad": "number"},
        {"ask": "Height in mm", "member": "height_mm", "reasons": None, "pad": "number"},
    ],
    place="more",
)
INTO = {
    "ask": "Into which parcel?",
    "member": "target",
    "pad": None,
    "reasons": [{"code": 3, "label": "parcel 3"}, {"code": 4, "label": "a new parcel"}],
}
REPACK = action(
    "repack",
    "Move goods",
    reasons=[
        {
            "code": "NW-014",
            "label": "Tofu (NW-014)",
            "detail": "9 in parcel 2",
            "body": {"source": 2},
            "then": [INTO, HOW_MANY],
        },
        {
            "code": "NW-099",
            "label": "Phone (NW-099)",
            "detail": "SN-1 in parcel 2",
            "body": {"source": 2, "qty": "1", "serials": ["SN-1"]},
            "then": [INTO],
        },
    ],
    member="sku",
    ask="What is moved?",
    then=[HOW_MANY],
    place="more",
)
UNPACK = action(
    "package-void",
    "Unpack parcel 1",
    reasons=[{"code": "wrong contents", "label": "Wrong contents"}],
    path="/v1/station/packages/pkg_1/void",
    place="more",
)
NEXT_PARCEL = action("next-parcel", "Next parcel")
PACK_SHORT = action("short", "Short", reasons=[{"code": "not in the tote", "label": "Not in the tote"}])
CONFIRM = action("confirm", "Confirm", body={"code": "packing"})
PHOTO = action("photo", "Take a photo", pad="photo", member="sha256", about="fulfillment:ful_1")
NOTES = [
    "The receiver has to sign for it.",
    "Goes through customs: put the customs papers on the parcel.",
    "Pack it so: glass at the bottom, tape all edges.",
]
ORDERS = [
    {"fulfillment_id": "ful_1", "order_id": "ord_10249", "tote": "TOTE-2", "in_front": True},
    {"fulfillment_id": "ful_2", "order_id": "ord_10251", "tote": "TOTE-7", "in_front": False},
]
QUESTIONS = [
    {"decision": "came_out", "label": "It came out: scan it"},
    {"decision": "did_not", "label": "It did not"},
    {"decision": "damaged", "label": "It is damaged"},
]


LABEL_ACTIONS = [
    {
        **action("label-reprint", "Print again", reasons=[reason("damaged on the box", "Damaged on the box")]),
        "body": {"job_id": "job_3"},
    },
    {
        **action("label-void", "Void it", reasons=[reason("parcel is unpacked", "Parcel is unpacked")]),
        "body": {"job_id": "job_3"},
    },
]


def label(state: str, sentence: str, *, asks: bool = False) -> Json:
    return {
        "job_id": "job_3",
        "sscc": "340123450000000017",
        "order_id": "ord_10249",
        "copy_no": 1,
        "state": state,
        "sentence": sentence,
        "questions": QUESTIONS if asks else [],
        "actions": LABEL_ACTIONS if state == "confirmed" else [],
    }


UNCERTAIN = label(
    "uncertain", "The printer was switched off while label 3 was on its way. Did it come out?", asks=True
)
DOUBT_ACTIONS = [
    action("label-decision", each["label"], body={"job_id": "job_3", "decision": each["decision"]}, place="first")
    for each in QUESTIONS
]
FIRST_GOODS = [action("undo", "Undo"), PACK_SHORT, BOXES, MATERIAL, MEASURE, SIGN_OUT]
OTHER_BOX = {**BOXES, "place": "more"}
MANY_PARCELS = [
    action("undo", "Undo"),
    NEXT_PARCEL,
    PACK_SHORT,
    OTHER_BOX,
    MATERIAL,
    MEASURE,
    REPACK,
    UNPACK,
    SIGN_OUT,
]
PACK_ACTIONS = [action("undo", "Undo"), action("weigh", "Weigh", enabled=False), SIGN_OUT]


def pack(next_thing: Json | None = None, **changes: Any) -> Json:
    """A packer with order 10249 open, one row done, with `changes` to any member."""
    view = {
        "workplace": "pack",
        "work": "pack",
        "station": "north-3",
        "language": "en",
        "training": False,
        "same_scan_ms": 0,
        "worker": {"worker_id": "w2", "name": "Bartek"},
        "devices": PACK_DEVICES,
        "lanes": [lane()],
        "problems": [],
        "answer": answer(8, "counted", "Manjimup Dried Apples (NW-051): 1 of 4 in the parcel."),
        "next": next_thing or doing("scan_item", "Manjimup Dried Apples", "50 - 300 g pkgs.", "3 more", "NW-051"),
        "progress": {"id": "ord_10249", "done": 1, "of": 4},
        "parcel": PARCEL,
        "labels": [],
        "choices": [],
        "actions": PACK_ACTIONS,
    }
    return {**view, **changes}


def weight(state: str = "stable", text: str = "12.340 kg", sentence: str = "") -> Json:
    return {"state": state, "text": text, "sentence": sentence}


LABEL_ZPL = """^XA
^CI28^PW812^LL1218^LH0,0^LT0^LS0^PON^PMN^LRN^MNY^PQ1,0,1,N^MMT
^CF0,30
^FO40,40^A0N,34,34^FH_^FDFROM: Acme _26 Sons^FS
^FO40,90^A0N,48,48^FH_^FDToms Spezialit_C3_A4ten^FS
^FO40,150^A0N,40,40^FDLuisenstr. 48^FS
^FO40,200^A0N,40,40^FH_^FD44087 M_C3_BCnster, Germany^FS
^FO20,290^GB772,4,4^FS
^FO40,320^A0N,30,30^FDORDER^FS
^FO40,356^A0N,56,56^FH_^FDord_5F10249^FS
^FO560,320^GB200,110,4,B,2^FS
^FO584,345^A0N,60,60^FD1 / 1^FS
^FO40,470^A0N,30,30^FDSSCC^FS
^FO40,510^A0N,60,60^FD340123450000000017^FS
^BY3,2,200
^FO112,600^BCN,160,N,N,N,N^FD>;>802095212345432133724^FS
^FO112,775^A0N,28,28^FD(02)09521234543213(37)24^FS
^BY4,2,260
^FO94,840^BCN,260,N,N,N,N^FD>;>800340123450000000017^FS
^FO94,1115^A0N,34,34^FD(00)340123450000000017^FS
^XZ
"""

BENCH: Json = {
    "devices": [
        {
            "name": "scanner",
            "kind": "scanner",
            "plugged": True,
            "link": "serial",
            "faults": ["garbled", "double"],
            "fault": None,
            "load_g": None,
        },
        {
            "name": "scale",
            "kind": "scale",
            "plugged": True,
            "link": "serial",
            "faults": ["overload", "frozen"],
            "fault": "frozen",
            "load_g": 12_340,
        },
        {
            "name": "printer",
            "kind": "printer",
            "plugged": False,
            "link": "tcp",
            "faults": ["paper_out", "head_open"],
            "fault": None,
            "load_g": None,
        },
    ],
    "suggestions": [
        reason("BADGE-ANA", "Ana's badge"),
        reason("D-01-3", "Location D-01-3"),
        reason("2900000000110", "Queso Cabrales (NW-011)"),
        reason("2900000000028", "Chang (NW-002)"),
    ],
    "labels": [{"number": 1, "zpl": LABEL_ZPL, "at": NOW}],
}
