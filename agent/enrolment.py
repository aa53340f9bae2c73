"""A machine becomes a station: a code of the office is swapped for its settings and key at our own HQ."""

from __future__ import annotations

import json
import re
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import devices.registry
import sync.dialects
from config import Settings, load
from config.model import is_loopback
from config.writing import merged

TIMEOUT_S = 30
MOST_BYTES = 1 << 20
SECRET = "hq-main"  # noqa: S105 -- the name of a file
BASE = "/v1/fulfillment"
_SHOWN = re.compile(r"^(?P<url>https?://[^\s#]+)#(?:enrol=)?(?P<code>[A-Za-z0-9-]{8,40})$")
USUAL_DATA_DIR = {Path("/etc/edge-agent"): "/var/lib/edge-agent"}


class EnrolmentRefused(Exception):  # noqa: N818 -- an answer in words
    """HQ did not take the code, or was not there."""


class Enrolled(NamedTuple):
    """What HQ gave: the tables of edge.toml, the secrets, and whether another machine was this station before."""

    tables: dict[str, Any]
    secrets: dict[str, str]
    replaces: bool


def address_and_code(shown: str, hq: str | None) -> tuple[str, str]:
    """The address and the code in what was scanned or typed. Raises EnrolmentRefused."""
    text = shown.strip()
    found = _SHOWN.match(text)
    if found:
        return found["url"].rstrip("/"), found["code"]
    if hq is None:
        raise EnrolmentRefused("This code does not say where HQ is. Give HQ's address too.")
    return hq.rstrip("/"), text


def redeem(url: str, code: str, tenant: str, ca_file: str = "") -> Enrolled:
    """Swap the code; it works once. Raises EnrolmentRefused."""
    if url.startswith("http://") and not is_loopback(urlsplit(url).hostname or ""):
        raise EnrolmentRefused("HQ's address must begin with https, or the key would cross the network in clear.")
    machine = {"name": socket.gethostname()[:200] or "unknown", "fingerprint": ""}
    path = f"{url.removesuffix(BASE)}{BASE}/edge/enrolments/redeem"
    told = _post(path, {"code": code, "host": machine}, tenant, ca_file)
    own: dict[str, Any] = {"dialect": "ofs", "url": url, "secret": SECRET, "tenant": tenant}
    if ca_file:
        own["ca_file"] = ca_file
    tables = merged(told["settings"], {"station": {"id": told["device_id"]}})
    tables["hq"] = merged({"main": own}, tables.get("hq", {}))
    return Enrolled(tables, {SECRET: told["key"]}, bool(told["replaces"]))


def load_settings(path: Path) -> Settings:
    """An edge.toml, with the drivers and dialects that there are. Raises ConfigFaults."""
    return load(path, devices.registry.SETTINGS, sync.dialects.SETTINGS)


def filled(path: Path, tables: Mapping[str, Any]) -> dict[str, Any]:
    """The tables with the folder of the store, where they do not say it."""
    usual = {"station": {"data_dir": USUAL_DATA_DIR.get(path.parent, "store")}}
    return merged(usual, tables)


def why_unwritable(path: Path) -> str | None:
    """Why no station can be set up at this path; None where it can."""
    folder = path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial = folder / f".{path.name}.trial"
        trial.touch(mode=0o600)
        trial.unlink()
    except OSError as error:
        return f"{folder} cannot be written ({error.strerror}). Run `sudo edge-agent setup --config {path}`."
    return None


def _post(url: str, body: dict[str, Any], tenant: str, ca_file: str) -> Any:
    headers = {"Content-Type": "application/json", "X-Tenant-ID": tenant}
    request = urllib.request.Request(url, data=json.dumps(body).encode(), headers=headers)  # noqa: S310 -- checked
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
        with urllib.request.urlopen(request, timeout=TIMEOUT_S, context=context) as answer:  # noqa: S310
            return json.loads(answer.read(MOST_BYTES))
    except urllib.error.HTTPError as refused:
        with refused:
            raise EnrolmentRefused(_words(refused)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        sentence = f"HQ at {url.partition(BASE)[0]} gave no answer ({reason})."
        raise EnrolmentRefused(f"{sentence} If this comes back, ask for a new code.") from None


def _words(refused: urllib.error.HTTPError) -> str:
    try:
        message: str = json.loads(refused.read(MOST_BYTES))["error"]["message"]
    except (ValueError, KeyError, TypeError):
        return f"HQ refused the code: {refused.code} {refused.reason}."
    return message
