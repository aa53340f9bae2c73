"""Devices that were made known here, to requests of seed 001 section 17, and what HQ's answers mean. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from local_store.domain import events as e
from local_store.outbox import NewRequest
from sync.dialect import Known, Verdict
from sync.dialects.ofs.shaping import At, Build, Facts, Read, Sent, about, only, part, post


def _registered(facts: Facts, _known: Known, at: At) -> NewRequest:
    fact = only(facts, e.DeviceRegistered)
    told = {"model": fact.model, "firmware": fact.firmware, "metadata": fact.metadata}
    more = {name: value for name, value in told.items() if value}
    path = f"/devices/{part(fact.device_id)}/register"
    return post(path, kind=fact.device_kind, warehouse_id=fact.warehouse_id or at.warehouse_id, **more)


class _OfDevice(BaseModel):
    device_id: str


def _read_device(_facts: Facts, sent: Sent, body: Any) -> Verdict:
    return about("device", sent.ident, _OfDevice.model_validate(body).device_id)


BUILD: Mapping[str, Build] = {e.DeviceRegistered.kind: _registered}
READ: Mapping[str, Read] = {e.DeviceRegistered.kind: _read_device}
