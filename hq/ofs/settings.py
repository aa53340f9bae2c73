"""How the house is set: defaults, boxes, and which carrier takes what."""

from __future__ import annotations

import json
import sqlite3
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError

from hq.calls import Act, Api, Call, answer, not_found, pack_json, unpack_json
from hq.idempotency import Answer
from hq.keys import FLOOR, OFFICE
from hq.ofs.models import Body, Dimensions, Grams, Ident, Metadata, Place, Text
from web.pages import NoQuery, Page, page, position_of, sliced
from web.problems import invalid

SECRET = "carrier_webhook_secret"  # noqa: S105 -- the name of a member
DEFAULTS: dict[str, Any] = {
    "default_warehouse_id": None,
    "allowed_splits": False,
    "default_label_format": "zpl",
    "packaging_rules": {},
}

routes = Api()


class SettingsChange(Body):
    """What is left out stays. The secret is what carriers sign their calls with; it is never told."""

    default_warehouse_id: Place | None = None
    allowed_splits: bool = False
    default_label_format: Literal["zpl"] = "zpl"
    packaging_rules: Metadata = Field(default_factory=dict)
    carrier_webhook_secret: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{16,200}$")] | None = None


class Profile(Body):
    """A box: inner size in centimetres, weights in grams."""

    name: Text
    dimensions: Dimensions
    tare_weight: Grams | None = None
    max_weight: Grams | None = None
    default: bool = False
    warehouse_id: Place | None = None
    metadata: Metadata = Field(default_factory=dict)


class ProfileChange(Body):
    """What is left out stays."""

    name: Text | None = None
    dimensions: Dimensions | None = None
    tare_weight: Grams | None = None
    max_weight: Grams | None = None
    default: bool | None = None
    warehouse_id: Place | None = None
    metadata: Metadata | None = None


class NamedChange(ProfileChange):
    """The same with the box named in the body: the seed prints PATCH beside the collection."""

    profile_id: Ident


class Conditions(Body):
    """What must hold, all of it; an empty one always holds."""

    sku: Ident | None = None
    max_weight: Grams | None = None
    country: Text | None = None
    service_level: Text | None = None


class Choice(Body):
    """What is then chosen where the order chose nothing."""

    carrier: Text
    service_code: Text | None = None


class Rule(Body):
    """Rules are asked by priority, lowest first; the first that holds decides."""

    priority: int = Field(default=100, ge=0, le=10_000)
    conditions: Conditions = Conditions()
    choice: Choice


@routes.reads("/settings", NoQuery, *FLOOR)
def get_settings(call: Call, _query: NoQuery) -> Answer:
    """The settings, without secrets."""
    body, version = _settings(call)
    return answer(_told(body, version), version=version)


@routes.writes("/settings", SettingsChange, OFFICE, method="PATCH")
def change_settings(call: Call, body: SettingsChange) -> Answer:
    """Change some of them."""
    now, version = _settings(call)
    call.require_version(version)
    changed = {**now, **body.model_dump(exclude_unset=True)}
    call.db.execute(
        "INSERT INTO setting VALUES (1, ?, ?, ?) ON CONFLICT (one) DO UPDATE SET body = excluded.body,"
        " version = excluded.version, updated_at = excluded.updated_at",
        (pack_json(changed), version + 1, call.now),
    )
    return answer(_told(changed, version + 1), version=version + 1)


@routes.reads("/packaging-profiles", Page, *FLOOR)
def list_profiles(call: Call, query: Page) -> Answer:
    """The boxes of the house, in the order they were made."""
    (after,) = position_of(query.cursor, [0])
    rows = call.db.execute(
        "SELECT * FROM packaging_profile WHERE seq > ? ORDER BY seq LIMIT ?", (after, query.limit)
    ).fetchall()
    items = [_profile(row) for row in rows]
    return answer(page(items, query.limit, [rows[-1]["seq"]] if rows else None))


@routes.writes("/packaging-profiles", Profile, OFFICE)
def create_profile(call: Call, body: Profile) -> Answer:
    """A new box."""
    ident = call.new_id("box")
    call.db.execute(
        "INSERT INTO packaging_profile (profile_id, body, created_at, updated_at) VALUES (?, ?, ?, ?)",
        (ident, body.model_dump_json(), call.now, call.now),
    )
    return answer(_profile(_profile_row(call, ident)), 201, 1)


@routes.reads("/packaging-profiles/{id}", NoQuery, *FLOOR)
def get_profile(call: Call, _query: NoQuery) -> Answer:
    """One box."""
    row = _profile_row(call, call.path["id"])
    return answer(_profile(row), version=row["version"])


@routes.writes("/packaging-profiles/{id}", ProfileChange, OFFICE, method="PATCH")
def change_profile(call: Call, body: ProfileChange) -> Answer:
    """Change a box; `null` takes a limit away."""
    return _change_profile(call, call.path["id"], body)


@routes.writes("/packaging-profiles", NamedChange, OFFICE, method="PATCH")
def change_named_profile(call: Call, body: NamedChange) -> Answer:
    """Change the box that the body names."""
    return _change_profile(call, body.profile_id, body)


def _change_profile(call: Call, profile_id: str, body: ProfileChange) -> Answer:
    row = _profile_row(call, profile_id)
    call.require_version(row["version"])
    changes = json.loads(body.model_dump_json(exclude_unset=True, exclude={"profile_id"}))
    try:
        changed = Profile.model_validate_json(pack_json({**unpack_json(row["body"]), **changes}))
    except ValidationError as error:
        raise invalid(error, f"packaging profile {row['profile_id']}") from error
    call.db.execute(
        "UPDATE packaging_profile SET body = ?, version = version + 1, updated_at = ? WHERE seq = ?",
        (changed.model_dump_json(), call.now, row["seq"]),
    )
    return answer(_profile(_profile_row(call, row["profile_id"])), version=row["version"] + 1)


@routes.reads("/routing-rules", Page, *FLOOR)
def list_rules(call: Call, query: Page) -> Answer:
    """All rules, in the order they are asked."""
    return answer(sliced([_rule(row) for row in _rules(call)], query))


@routes.writes("/routing-rules", Rule, OFFICE)
def create_rule(call: Call, body: Rule) -> Answer:
    """A new rule. It decides for shipments made from now on."""
    ident = call.new_id("rule")
    call.db.execute(
        "INSERT INTO routing_rule (rule_id, priority, body, created_at) VALUES (?, ?, ?, ?)",
        (ident, body.priority, body.model_dump_json(), call.now),
    )
    row = call.db.execute("SELECT * FROM routing_rule WHERE rule_id = ?", (ident,)).fetchone()
    return answer(_rule(row), 201)


def carrier_for(act: Act, skus: set[str], weight: int, country: str | None, service: str | None) -> Choice | None:
    """What the first rule that holds chooses for goods of `weight` grams; None when none holds."""
    for row in _rules(act):
        rule = Rule.model_validate_json(row["body"])
        wanted = rule.conditions
        holds = (
            (wanted.sku is None or wanted.sku in skus)
            and (wanted.max_weight is None or weight <= wanted.max_weight)
            and wanted.country in {None, country}
            and wanted.service_level in {None, service}
        )
        if holds:
            return rule.choice
    return None


def carrier_secret(act: Act) -> str | None:
    """What carriers sign with; None as long as none may call."""
    secret = _settings(act)[0].get(SECRET)
    return str(secret) if secret else None


def _settings(act: Act) -> tuple[dict[str, Any], int]:
    row = act.db.execute("SELECT body, version FROM setting").fetchone()
    return ({**DEFAULTS, **unpack_json(row["body"])}, row["version"]) if row else (DEFAULTS, 1)


def _told(body: dict[str, Any], version: int) -> dict[str, Any]:
    shown = {name: value for name, value in body.items() if name != SECRET}
    return {**shown, "carriers_may_call": bool(body.get(SECRET)), "version": version}


def _profile_row(act: Act, profile_id: str) -> sqlite3.Row:
    row: sqlite3.Row | None = act.db.execute(
        "SELECT * FROM packaging_profile WHERE profile_id = ?", (profile_id,)
    ).fetchone()
    if row is None:
        raise not_found("packaging profile", profile_id)
    return row


def _profile(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "profile_id": row["profile_id"],
        **unpack_json(row["body"]),
        "version": row["version"],
        "updated_at": row["updated_at"],
    }


def _rules(act: Act) -> list[sqlite3.Row]:
    return act.db.execute("SELECT * FROM routing_rule ORDER BY priority, seq LIMIT 1000").fetchall()


def _rule(row: sqlite3.Row) -> dict[str, Any]:
    return {"rule_id": row["rule_id"], **unpack_json(row["body"]), "created_at": row["created_at"]}
