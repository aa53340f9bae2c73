"""Read edge.toml and check all of it at once: every fault is one sentence naming file, place and value."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from config.model import (
    ANYWHERE_PATTERN,
    FOLDER_PATTERN,
    LISTEN_PATTERN,
    NAME_PATTERN,
    PIN_HASH_PATTERN,
    PREFIX_PATTERN,
    Hq,
    Settings,
)

MAX_SHOWN = 60
LOGIN = re.compile(r"//[^/@\s]*@")
"""A name and password inside an address."""

SECRET_WORDS = ("secret", "token", "password", "badge", "pin", "key")
SSCC_FREE_DIGITS = 16
"""An SSCC has 18 digits: one extension digit, one check digit, and these for the company prefix and the serial."""

WORDING = {
    "missing": "must be set",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
    "string_too_short": "must be at least {min_length} characters long",
    "string_too_long": "must be at most {max_length} characters long",
    "too_short": "must be at least {min_length} of them",
    "too_long": "must be at most {max_length} of them",
    "value_error": "{error}",
}
"""pydantic's kinds of fault that have a limit to name."""

A_WHOLE_NUMBER, A_NUMBER, TEXT, A_LIST, A_TABLE, YES_OR_NO, AN_ADDRESS = (
    "must be a whole number",
    "must be a number",
    "must be text in quotes",
    "must be a list in square brackets",
    "must be a table of settings",
    "must be true or false",
    "must be an address such as https://hq.example.com",
)
TYPES = {
    "int": A_WHOLE_NUMBER,
    "decimal": A_NUMBER,
    "float": A_NUMBER,
    "finite": A_NUMBER,
    "string": TEXT,
    "path": TEXT,
    "tuple": A_LIST,
    "frozen": A_LIST,
    "list": A_LIST,
    "model": A_TABLE,
    "dict": A_TABLE,
    "bool": YES_OR_NO,
    "url": AN_ADDRESS,
}
"""What must stand there, by the first word of the other kinds: `int_parsing`, `string_type` and so on."""

PATTERNS = {
    NAME_PATTERN: "must be a name of at most 40 small letters, digits, - or _",
    FOLDER_PATTERN: "must be one name of at most 40 small letters, digits, - or _; empty for none",
    LISTEN_PATTERN: "must be a loopback address with a port, such as 127.0.0.1:8765",
    ANYWHERE_PATTERN: "must be an address with a port, such as 0.0.0.0:8443",
    PIN_HASH_PATTERN: "must be what `edge-agent people pin` prints",
    PREFIX_PATTERN: "must be 7 to 10 digits in quotes",
}


class ConfigFaults(Exception):  # noqa: N818 -- it is a list of faults, said in full
    """edge.toml cannot be used. `faults` holds a sentence for each thing that is wrong."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def load(path: Path, drivers: Mapping[str, type[BaseModel]], dialects: Mapping[str, type[Hq]]) -> Settings:
    """The settings in `path`. Driver and dialect models are given by name. Raises ConfigFaults with every fault."""
    document = _read(path)
    faults: list[str] = []
    hq = _sections(document, "hq", "dialect", dialects, path.name, faults)
    devices = _sections(document, "devices", "driver", drivers, path.name, faults)
    try:
        settings = Settings.model_validate({**document, "hq": hq, "devices": devices})
    except ValidationError as error:
        raise ConfigFaults(faults + _sentences(error, path.name, Settings, (), document)) from None
    faults += [f"{path.name}: {fault}" for fault in _contradictions(settings, document)]
    if faults:
        raise ConfigFaults(faults)
    return settings.model_copy(
        update={"station": settings.station.model_copy(update={"data_dir": path.parent / settings.station.data_dir})}
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigFaults(
            [f"{path}: there is no such file; `edge-agent install` writes one, or name yours with --config."]
        ) from None
    except OSError as error:
        raise ConfigFaults([f"{path}: it cannot be read ({error.strerror})."]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigFaults([f"{path.name}: this is not TOML: {error}."]) from None


def _sections(
    document: dict[str, Any],
    table: str,
    choice: str,
    models: Mapping[str, type[BaseModel]],
    file: str,
    faults: list[str],
) -> dict[str, BaseModel]:
    """Each `[table.name]` as the model its `choice` key names; faults are collected, not raised."""
    found: dict[str, BaseModel] = {}
    named = document.get(table, {})
    if not isinstance(named, dict):
        faults.append(f"{file}: {table}: must be tables such as [{table}.name] (got {_shown((table,), named)})")
        return found
    for name, body in named.items():
        place = f"{table}.{name}"
        picked = body.get(choice) if isinstance(body, dict) else None
        model = models.get(picked) if isinstance(picked, str) else None
        if model is None:
            known = " or ".join(sorted(models))
            got = "nothing" if picked is None else _shown((table, name, choice), picked)
            faults.append(f"{file}: {place}.{choice}: must be {known} (got {got})")
            continue
        try:
            found[name] = model.model_validate(body)
        except ValidationError as error:
            faults.extend(_sentences(error, file, model, (table, name), body))
    return found


def _contradictions(settings: Settings, document: dict[str, Any]) -> list[str]:
    """What no single field can show: devices that do not exist or are shared, badges used twice."""
    faults: list[str] = []
    holder: dict[str, str] = {}
    devices = document.get("devices")
    declared = devices if isinstance(devices, dict) else {}
    for name, workplace in settings.workplaces.items():
        for device in workplace.devices:
            place = f"workplaces.{name}.devices"
            if device not in declared:
                near = _nearest(device, declared)
                faults.append(f"{place}: there is no [devices.{device}]{near} (got {json.dumps(device)})")
            elif device in holder:
                faults.append(f"{place}: {device} already belongs to {holder[device]}; a device serves one workplace")
            holder.setdefault(device, name)
    badges: dict[str, str] = {}
    for name, worker in settings.workers.items():
        if worker.badge in badges:
            faults.append(f"workers.{name}.badge: is also the badge of {badges[worker.badge]}; badges must differ")
        badges.setdefault(worker.badge, name)
    faults += _numbers(settings)
    return faults


def _numbers(settings: Settings) -> list[str]:
    """Ranges that are empty or do not fit."""
    faults: list[str] = []
    sscc = settings.numbers.sscc
    if sscc is not None and sscc.last < sscc.first:
        faults.append(f"numbers.sscc.last: must be at least first, {sscc.first} (got {sscc.last})")
    for kind in ("package", "parcel"):
        plain = getattr(settings.numbers, kind)
        if plain is not None and plain.last < plain.first:
            faults.append(f"numbers.{kind}.last: must be at least first, {plain.first} (got {plain.last})")
    if sscc is not None and len(str(sscc.last)) > SSCC_FREE_DIGITS - len(sscc.company_prefix):
        room = SSCC_FREE_DIGITS - len(sscc.company_prefix)
        faults.append(
            f"numbers.sscc.last: must be at most {room} digits beside this company prefix (got {sscc.last})"
        )
    return faults


def _sentences(
    error: ValidationError, file: str, model: type[BaseModel], at: tuple[str, ...], body: Any
) -> list[str]:
    found = []
    for fault in error.errors(include_url=False):
        loc = (*at, *(str(part) for part in fault["loc"] if part != "[key]"))
        found.append(f"{file}: {'.'.join(loc)}: {_wrong(fault, loc, model, body)}")
    return found


def _wrong(fault: Any, loc: tuple[str, ...], model: type[BaseModel], body: Any) -> str:
    """One pydantic fault in the words of the person who wrote the file."""
    kind, within = fault["type"], fault["loc"]
    if kind == "extra_forbidden":
        return f"unknown setting{_nearest(str(within[-1]), _known(model, within[:-1]))}"
    value = within[-2] if within[-1:] == ("[key]",) else _at(body, within)
    got = "nothing" if kind == "missing" else _shown(loc, value)
    return f"{_must_be(kind, fault)} (got {got})"


def _must_be(kind: str, fault: Any) -> str:
    limits = fault.get("ctx", {})
    if kind in WORDING:
        return WORDING[kind].format(**limits)
    if kind == "string_pattern_mismatch":
        return PATTERNS.get(limits["pattern"], f"must match {limits['pattern']}")
    ours: str = fault["msg"]
    return TYPES.get(kind.partition("_")[0], ours)


def _known(model: type[BaseModel], loc: tuple[Any, ...]) -> list[str]:
    """Field names known at `loc`, through nested models, optional ones and tables of them."""
    inside: Any = model
    for part in loc:
        field = _fields(inside).get(str(part))
        held = get_args(inside)[-1:]  # what a table holds
        inside = field.annotation if field else (held[0] if held else None)
    return list(_fields(inside))


def _fields(kind: Any) -> dict[str, Any]:
    """The fields of a model, or of the model in `Model | None`."""
    for each in (kind, *get_args(kind)):
        if isinstance(each, type) and issubclass(each, BaseModel) and get_origin(kind) is not dict:
            return dict(each.model_fields)
    return {}


def _nearest(name: str, known: Any) -> str:
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean `{close[0]}`?" if close else ""


def _at(body: Any, loc: tuple[Any, ...]) -> Any:
    """The value at `loc`, or the nearest one above it that exists."""
    for part in loc:
        try:
            body = body[part]
        except (KeyError, IndexError, TypeError):
            continue
    return body


def _shown(loc: tuple[str, ...], value: Any) -> str:
    """A value as it may be shown: short, without what a table holds, and never a secret."""
    bare_worker = loc[0] == "workers" and len(loc) <= len(("workers", "name"))
    if bare_worker or any(word in loc[-1].lower() for word in SECRET_WORDS):
        return "a value that is not shown"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        return "tables"
    text = LOGIN.sub("//…@", json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
