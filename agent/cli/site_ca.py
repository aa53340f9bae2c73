"""`edge-agent site-ca …`: a site's own authority, the certificates of its stations, and handhelds that enrol."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from agent.cli.calling import Running
from agent.cli.common import DEFAULT_CONFIG, Refusal, config_option, settings_from, url_option

FOLDER = DEFAULT_CONFIG.parent / "tls"
folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=FOLDER,
    show_default=True,
    help="Where the authority is kept; best on a machine that is no station.",
)


@click.group("site-ca")
def site_ca() -> None:
    """Let handhelds on the network talk to this station, encrypted, with no service outside the house."""


@site_ca.command()
@folder_option
@click.option("--site", default="Warehouse", show_default=True, help="What handhelds show as its name.")
@click.option("--replace", is_flag=True, help="Make another one in its place: every handheld has to trust that anew.")
def make(folder: Path, site: str, replace: bool) -> None:  # noqa: FBT001 -- a flag of the command line
    """Make the authority of the site, once. Its key is readable for its user only."""
    from agent import certificates  # noqa: PLC0415 -- 80 ms that other commands need not spend

    folder.mkdir(parents=True, exist_ok=True)
    try:
        fingerprint = certificates.make_authority(folder, site, datetime.now(UTC), replace=replace)
    except certificates.HasAuthority as found:
        raise Refusal(f"{found}: there is one already. `--replace` makes another one in its place.") from None
    print(f"Put {folder / certificates.CA_CERTIFICATE} on each handheld as a trusted authority. Its fingerprint is\n")
    print(fingerprint)


@site_ca.command()
@folder_option
@click.option(
    "--into", type=click.Path(path_type=Path, file_okay=False), help="Folder of the station; --folder if left out."
)
@click.option("--name", "names", multiple=True, help="A name of the station, as handhelds call it; may be repeated.")
@click.option("--address", "addresses", multiple=True, help="An address of the station; may be repeated.")
def issue(folder: Path, into: Path | None, names: tuple[str, ...], addresses: tuple[str, ...]) -> None:
    """Make a key and certificate for a station, good for 397 days; again for the next, then restart the agent."""
    from agent import certificates  # noqa: PLC0415 -- as above

    wanted = (*names, *addresses)
    if not wanted:
        raise Refusal("Name the station with --name or --address, as handhelds will call it.")
    into = into or folder
    into.mkdir(parents=True, exist_ok=True)
    try:
        certificates.issue(folder, into, wanted, datetime.now(UTC))
    except FileNotFoundError as missing:
        raise Refusal(f"{missing.filename}: there is none; make one with `edge-agent site-ca make`.") from None
    print("[tls]")
    print('listen = "0.0.0.0:8443"')
    print(f'certificate = "{into / certificates.CERTIFICATE}"')
    print(f'key = "{into / certificates.KEY}"')


@site_ca.command()
@config_option
@url_option
@click.option("--png", type=click.Path(path_type=Path, dir_okay=False), help="Write the code as a picture too.")
@click.argument("device")
@click.argument("workplace")
def enrol(config_path: Path, url: str | None, png: Path | None, device: str, workplace: str) -> None:
    """Show the code that makes DEVICE, a handheld, work at WORKPLACE: good once, for ten minutes."""
    from agent import certificates  # noqa: PLC0415 -- as above

    settings = settings_from(config_path)
    if settings.tls is None:
        raise Refusal("edge.toml has no [tls] section: handhelds cannot reach this station. See docs/people.md.")
    certificate = config_path.parent / settings.tls.certificate
    body = {"device_id": device, "workplace": workplace}
    offer = Running(settings, url).post("/v1/station/enrolments", body)
    host, port = certificates.names_of(certificate)[0], settings.tls.listen.rpartition(":")[2]
    fingerprint = certificates.fingerprint_of_authority(certificate)
    address = enrolment_address(host, port, offer["code"], fingerprint)
    _show(address, png)
    print(f"\n{address}\n\ncode         {offer['code']}  until {offer['expires_at']}\nauthority    {fingerprint}")


def enrolment_address(host: str, port: str, code: str, fingerprint: str) -> str:
    """What a handheld scans. Code and fingerprint stand behind the #, which no browser sends and no log keeps."""
    return f"https://{host}:{port}/enrol#code={code}&authority={fingerprint.replace(':', '')}"


def _show(address: str, png: Path | None) -> None:
    import qrcode  # noqa: PLC0415 -- loads a drawing library

    picture = qrcode.QRCode(border=2)
    picture.add_data(address)
    picture.make(fit=True)
    picture.print_ascii(invert=True)
    if png is not None:
        picture.make_image().save(str(png))
        png.chmod(0o600)
