"""What a screen shows at a dock: the manifest that is being loaded, what is on it, and what should be."""

from __future__ import annotations

import sqlite3
from urllib.parse import quote

from agent.floor import goods_parts as parts
from agent.floor.view_parts import View, action, doing, fact, sign_in, step, tile
from local_store.domain.dispatch import Manifest, OnBoard
from local_store.domain.floor import Place
from local_store.domain.words import phrase
from local_store.works.dispatch import load_manifest

CHOICES = 30
MOST_SHOWN = 100
UNLOAD_REASONS = (
    tile("damaged", phrase("Damaged")),
    tile("wrong carrier", phrase("Wrong carrier")),
    tile("no room", phrase("No room")),
)


def load_view(db: sqlite3.Connection, place: Place) -> View:
    """The members of a view that depend on what is open here."""
    signed_in = place.worker_id is not None
    manifest = load_manifest(db, place.work_id) if place.work_id else None
    choices = _choices(db) if signed_in and manifest is None else []
    return {
        "next": _next(manifest, signed_in=signed_in, anything_waits=bool(choices)),
        "progress": _progress(manifest) if manifest else None,
        "picklist": None,
        "manifest": _manifest(manifest) if manifest else None,
        "choices": choices,
        "actions": _actions(manifest, signed_in=signed_in),
    }


def _next(manifest: Manifest | None, *, signed_in: bool, anything_waits: bool) -> View:
    if not signed_in:
        return sign_in()
    if manifest is None:
        return doing(
            "choose", phrase("Scan a parcel"), phrase("or choose a manifest below") if anything_waits else ""
        )
    missing = len(manifest.missing)
    detail = phrase("{missing} still to come", missing=missing) if missing else phrase("all of them are on")
    shut = not missing and bool(manifest.parcels)
    facts = [
        fact(phrase("Dock"), manifest.dock, code=True),
        fact(phrase("Day"), manifest.dispatch_date),
    ]
    if shut:
        return doing("complete", phrase("{carrier}: shut the doors", carrier=manifest.carrier), detail, facts=facts)
    return doing("scan_parcel", phrase("{carrier}: scan a parcel", carrier=manifest.carrier), detail, facts=facts)


def _progress(manifest: Manifest) -> View:
    on = len(manifest.parcels)
    return {"id": manifest.manifest_id, "done": on, "of": on + len(manifest.missing)}


def _manifest(manifest: Manifest) -> View:
    return {
        "manifest_id": manifest.manifest_id,
        "carrier": manifest.carrier,
        "dock": manifest.dock,
        "dispatch_date": manifest.dispatch_date,
        "more_missing": max(len(manifest.missing) - MOST_SHOWN, 0),
        "loaded": [_parcel(each) for each in reversed(manifest.parcels[-MOST_SHOWN:])],
        "missing": [_parcel(each) for each in manifest.missing[:MOST_SHOWN]],
    }


def _parcel(each: OnBoard) -> View:
    return {"package_id": each.package_id, "order_id": each.order_id, "sscc": each.sscc}


def _choices(db: sqlite3.Connection) -> list[View]:
    """Manifests that were begun, at whatever dock, the newest first."""
    rows = db.execute(
        "SELECT manifest_id, carrier, dock, dispatch_date, (SELECT count(*) FROM parcel p"
        "  WHERE p.manifest_id = manifest.manifest_id) FROM manifest WHERE status = 'open'"
        " ORDER BY opened_seq DESC LIMIT ?",
        (CHOICES,),
    )
    return [
        {
            "id": ident,
            "title": carrier,
            "detail": dock,
            "priority": "normal",
            "lines": on,
            "units": str(on),
            "ship_by": None,
            "size": phrase("{parcels} on board, leaves {day}", parcels=on, day=day),
        }
        for ident, carrier, dock, day, on in rows
    ]


def _actions(manifest: Manifest | None, *, signed_in: bool) -> list[View]:
    if not signed_in or manifest is None:
        return []
    loaded = bool(manifest.parcels)
    of = f"/v1/station/manifests/{quote(manifest.manifest_id, safe='')}"
    all_there = not manifest.missing
    without = action(
        "manifest-close",
        phrase("Close without them"),
        enabled=loaded,
        body={"without_missing": True},
        path=f"{of}/close",
        place="more",
    )
    return [
        parts.complete(phrase("Close"), enabled=loaded and all_there),
        parts.undo(enabled=loaded),
        *([] if all_there else [without]),
        *([_take_off(manifest, of)] if loaded else []),
    ]


def _take_off(manifest: Manifest, of: str) -> View:
    """A parcel comes off again: why, then which one, by any code on it."""
    asked = step(phrase("Which parcel comes off {carrier}?", carrier=manifest.carrier), "parcel", pad="text")
    reasons, label = list(UNLOAD_REASONS), phrase("Take one off")
    return action("parcel-unload", label, reasons=reasons, then=[asked], path=f"{of}/unload", place="more")
