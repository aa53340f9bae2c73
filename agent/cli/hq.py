"""`edge-agent hq …`: start a central service to run against, and load orders into it."""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

import click

from agent.cli.common import Refusal
from agent.cli.hq_conform import conform

TIMEOUT_S = 60
POLL_S = 0.1


@click.group()
def hq() -> None:
    """A central service of our own, always its own process."""


hq.add_command(conform)


@hq.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def serve(arguments: tuple[str, ...]) -> None:
    """Run the central service; `edge-agent hq serve --help` lists its options."""
    os.execv(sys.executable, [sys.executable, "-m", "hq", *arguments])  # noqa: S606 -- the same interpreter


@hq.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(["fulfillments", "products", "stock"]), default="fulfillments")
@click.option("--url", required=True, help="Address of the central service.")
@click.option(
    "--key-file", type=click.Path(exists=True, path_type=Path), required=True, help="File with an office key."
)
def import_(file: Path, kind: str, url: str, key_file: Path) -> None:
    """Load an NDJSON file; a bad line is reported and does not stop the good ones."""
    report = import_ndjson(url, office_key(key_file), kind, file.read_bytes())
    print(f"{report['accepted']} of {report['total']} lines accepted.")
    for error in report["errors"]:
        print(f"  {file.name}, {error['message']}")
    if report["rejected"]:
        raise SystemExit(1)


def office_key(path: Path) -> str:
    """The office key in a file: the key alone, or the JSON that `--dev-keys` wrote."""
    text = path.read_text(encoding="utf-8").strip()
    if not text.startswith("{"):
        return text
    try:
        key: str = json.loads(text)["office"]
    except (ValueError, KeyError, TypeError):
        raise Refusal(
            f"{path} begins with {{ and is not what `hq serve --dev-keys` writes. Put the key alone into the file."
        ) from None
    return key


def import_ndjson(url: str, key: str, kind: str, lines: bytes) -> dict[str, Any]:
    """Post the lines and wait for the job's report. Raises Refusal when HQ does not take them."""
    job = call(url, key, f"/imports?kind={kind}", lines, "application/x-ndjson")
    while True:
        report: dict[str, Any] = call(url, key, f"/imports/{job['job_id']}")
        if report["status"] == "completed":
            return report
        time.sleep(POLL_S)


def call(url: str, key: str, path: str, body: bytes | None = None, content_type: str = "application/json") -> Any:
    """One call to HQ; its refusal is passed on in its own words."""
    request = urllib.request.Request(  # noqa: S310 -- an address the caller gave
        f"{url.rstrip('/')}/v1/fulfillment{path}",
        data=body,
        headers={
            "Authorization": f"Bearer {key}",
            "Content-Type": content_type,
            "Idempotency-Key": str(uuid.uuid4()),
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise Refusal(f"{path}: HQ answered {error.code}: {error.read(2000).decode(errors='replace')}") from None
    except (urllib.error.URLError, TimeoutError) as error:
        raise Refusal(f"{url}: HQ does not answer ({getattr(error, 'reason', error)}).") from None
