"""What a screen shows of quality control: the checks that are open, what was seen, and what can be said of them."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from urllib.parse import quote

from agent.floor.view_parts import View, action, step, tile
from local_store.domain.quality import Qc
from local_store.domain.words import phrase
from local_store.works.quality import called

NEWEST = 100
"""Checks that are looked through for open ones: their ids begin with their time."""
MOST_OPEN = 10
FAULTS = (
    tile("damaged", phrase("Damaged")),
    tile("wrong goods", phrase("Wrong goods")),
    tile("dirty", phrase("Dirty")),
    tile("incomplete", phrase("Incomplete")),
)
DISPOSITIONS = {
    "reshelve": phrase("Back to the shelf"),
    "repair": phrase("Repair"),
    "quarantine": phrase("Quarantine"),
    "scrap": phrase("Scrap"),
}
"""What can become of a unit, as the codes on the wall say it, in words."""


def open_checks(db: sqlite3.Connection) -> list[View]:
    """The inspections that are not decided, the newest first."""
    rows = db.execute(
        "SELECT qc_id, subject, subject_id, units, of_units, seen FROM (SELECT * FROM qc ORDER BY qc_id DESC LIMIT ?)"
        " WHERE status = ? LIMIT ?",
        (NEWEST, Qc.OPEN.value, MOST_OPEN),
    )
    return [
        _check(qc_id, called(db, subject, subject_id), *rest) for qc_id, subject, subject_id, *rest in rows.fetchall()
    ]


def start() -> View:
    """Begin to inspect an order, a return or a receipt, by its number."""
    label = phrase("Begin a check")
    return action("qc-start", label, pad="text", member="subject_id", path="/v1/station/qc", place="more")


def _check(qc_id: str, title: str, units: str, of_units: str, seen: str) -> View:
    told = phrase("{seen} of {wanted} looked at, of {all} in all", seen=seen, wanted=units, all=of_units)
    return {
        "qc_id": qc_id,
        "title": title,
        "sentence": told,
        "actions": _acts(qc_id, Decimal(seen), Decimal(units)),
    }


def _acts(qc_id: str, seen: Decimal, wanted: Decimal) -> list[View]:
    of = f"/v1/station/qc/{quote(qc_id, safe='')}"
    ways = [tile(code, label) for code, label in DISPOSITIONS.items()]
    good, bad, decide = phrase("Good"), phrase("Not good"), phrase("Decide")
    many = [step(phrase("How many?"), "units", pad="number")]
    record, resolve, no = f"{of}/record", f"{of}/resolve", {"passed": False}
    return [
        action("qc-record", good, pad="number", member="units", body={"passed": True}, path=record),
        action("qc-record", bad, reasons=list(FAULTS), member="check", body=no, path=record, then=many),
        action("qc-resolve", decide, enabled=seen >= wanted, reasons=ways, member="disposition", path=resolve),
    ]
