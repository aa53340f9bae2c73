"""Read edge.toml and check all of it at once: every fault is one sentence naming file, place and value."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from config.model import Hq, Settings

MAX_SHOWN = 60
SECRET_WORDS = ("secret", "token", "password", "badge", "pin", "key")


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
        faults.append(f"{file}: {table}: must be tables such as [{table}.name] (got {_shown(table, named)})")
        return found
    for name, body in named.items():
        place = f"{table}.{name}"
        picked = body.get(choice) if isinstance(body, dict) else None
        if picked not in models:
            known = " or ".join(sorted(models))
            got = "nothing" if picked is None else _shown(choice, picked)
            faults.append(f"{file}: {place}.{choice}: must be {known} (got {got})")
            continue
        model = models[str(picked)]
        try:
            found[name] = model.model_validate(body)
        except ValidationError as error:
            faults.extend(_sentences(error, file, model, (table, name), body))
    return found


def _contradictions(settings: Settings, document: dict[str, Any]) -> list[str]:
    """What no single field can show: devices that do not exist or are shared, badges used twice."""
    faults: list[str] = []
    holder: dict[str, str] = {}
    declared = document.get("devices", {})
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
    sscc = settings.numbers.sscc
    if sscc is not None and sscc.last < sscc.first:
        faults.append(f"numbers.sscc.last: must be at least first, {sscc.first} (got {sscc.last})")
    return faults


def _sentences(
    error: ValidationError, file: str, model: type[BaseModel], at: tuple[str, ...], body: Any
) -> list[str]:
    return [
        f"{file}: {'.'.join((*at, *(str(part) for part in fault['loc'])))}: {_wrong(fault, model, body)}"
        for fault in error.errors(include_url=False)
    ]


def _wrong(fault: Any, model: type[BaseModel], body: Any) -> str:
    """One pydantic fault in the words of the person who wrote the file."""
    loc, kind, context = fault["loc"], fault["type"], fault.get("ctx", {})
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return f"unknown setting{_nearest(str(loc[-1]), _known(model, loc[:-1]))}"
    wording = {
        "greater_than_equal": "must be at least {ge}",
        "less_than_equal": "must be at most {le}",
        "literal_error": "must be {expected}",
        "int_type": "must be a whole number",
        "int_parsing": "must be a whole number",
        "int_from_float": "must be a whole number",
        "string_type": "must be text in quotes",
        "bool_type": "must be true or false",
        "string_pattern_mismatch": "must match {pattern}",
        "value_error": "{error}",
    }.get(kind)
    text = wording.format(**context) if wording else fault["msg"].replace("Input should be", "must be")
    return f"{text} (got {_shown(str(loc[-1]) if loc else '', _at(body, loc))})"


def _known(model: type[BaseModel], loc: tuple[Any, ...]) -> list[str]:
    """Field names a model knows at `loc`, walking through nested models and tables of models."""
    current: Any = model
    for part in loc:
        if isinstance(current, type) and issubclass(current, BaseModel) and part in current.model_fields:
            current = current.model_fields[part].annotation
        else:
            current = next((kind for kind in get_args(current) if isinstance(kind, type)), None)
        for kind in get_args(current):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                current = kind
    return list(current.model_fields) if isinstance(current, type) and issubclass(current, BaseModel) else []


def _nearest(name: str, known: Any) -> str:
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean `{close[0]}`?" if close else ""


def _at(body: Any, loc: tuple[Any, ...]) -> Any:
    """The value at `loc`, or the nearest one above it that exists (pydantic names union branches too)."""
    for part in loc:
        try:
            body = body[part]
        except (KeyError, IndexError, TypeError):
            continue
    return body


def _shown(key: str, value: Any) -> str:
    """A value as it may be shown: cut, and hidden where the key says that it is a secret."""
    if any(word in key.lower() for word in SECRET_WORDS):
        return "a value that is not shown"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
