"""`edge-agent hq conform`: hold a central service to the contract of its dialect, for whoever connects one."""

from __future__ import annotations

from collections import Counter
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import click

from agent.cli.common import Refusal


@click.command()
@click.option("--dialect", required=True, help="Whose contract: ofs, esw, pitney_bowes, exsited or s2.")
@click.option("--url", required=True, help="What stands before the contract's paths, https://host/v1/fulfillment.")
@click.option("--header", "headers", multiple=True, metavar="NAME:VALUE", help="Sent with every call; repeatable.")
@click.option(
    "--secret-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the key for `Authorization: Bearer`, or the JSON that `hq serve --dev-keys` wrote.",
)
@click.option("--value", "values", multiple=True, metavar="NAME=VALUE", help="A value that exists, e.g. sku=A-1.")
@click.option("--write", is_flag=True, help="Also make the writes. Never against a service in use.")
@click.option("--extensions", is_flag=True, help="Also check what is our own and in no published API.")
def conform(
    dialect: str,
    url: str,
    headers: tuple[str, ...],
    secret_file: Path | None,
    values: tuple[str, ...],
    write: bool,  # noqa: FBT001 -- click gives it by name
    extensions: bool,  # noqa: FBT001
) -> None:
    """Call every operation of a contract and tell where a service is not as documented."""
    from agent.cli.hq import office_key  # noqa: PLC0415 -- that module offers this command
    from agent.conform import Finding, Server, Verdict, Walk  # noqa: PLC0415 -- brings jsonschema and YAML
    from web.contract import BadContract, Contract  # noqa: PLC0415 -- the same

    sent = dict(_pair(text, ":", "--header") for text in headers)
    if secret_file is not None:
        sent["Authorization"] = f"Bearer {office_key(secret_file)}"
    _check_address(url)
    try:
        contract = Contract.load(dialect)
    except BadContract as error:
        raise Refusal(str(error)) from None
    known = dict(_pair(text, "=", "--value") for text in values)
    count: Counter[Verdict] = Counter()

    def show(finding: Finding) -> None:
        count[finding.verdict] += 1
        status = str(finding.status or "-")
        print(f"{finding.operation:<50} {finding.sent:<14} {status:>4}  {finding.verdict.value}: {finding.sentence}")

    print(f"{'operation':<50} {'sent':<14} {'':>4}  verdict")
    for finding in Walk(contract, Server(url, sent), known, write=write, extensions=extensions).findings():
        show(finding)
    print(", ".join(f"{count[verdict]} {verdict.value}" for verdict in Verdict))
    if count[Verdict.BROKEN]:
        raise SystemExit(1)


def _pair(text: str, mark: str, option: str) -> tuple[str, str]:
    name, found, value = text.partition(mark)
    if not found or not name.strip() or not text.isprintable():
        raise Refusal(f"{option} wants NAME{mark}VALUE.")  # not shown: it may be a secret
    return name.strip(), value.strip()


def _check_address(url: str) -> None:
    """A key goes over TLS, or stays on this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        here = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        here = False
    if not host or parts.scheme not in {"http", "https"} or (parts.scheme == "http" and not here):
        raise Refusal(f"--url must be https://..., or http:// on this machine (got {url[:100]}).")
