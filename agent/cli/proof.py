"""`edge-agent proof`: what happened to a parcel, as a signed file; read-only, whether an agent runs or not."""

from __future__ import annotations

from pathlib import Path

import click

from agent.cli.common import Refusal, config_option, settings_from


@click.command()
@config_option
@click.argument("package", default="")
@click.option("--public-key", is_flag=True, help="Print the key by which this station's proofs are known.")
def proof(config_path: Path, package: str, *, public_key: bool) -> None:
    """Print the signed story of PACKAGE: its id, its SSCC, or an order of one parcel. Keep it with `> file`."""
    from agent import story_proof  # noqa: PLC0415 -- not for every command
    from local_store import story  # noqa: PLC0415
    from local_store.clock import SystemClock  # noqa: PLC0415
    from local_store.database import FILE_NAME, open_reader  # noqa: PLC0415
    from local_store.journal import JournalDamaged  # noqa: PLC0415

    station = settings_from(config_path).station
    path = station.data_dir / FILE_NAME
    if not path.exists():
        raise Refusal(f"{path}: there is no store here yet.")
    try:
        if public_key:
            print(story_proof.public_key(station.data_dir))
            return
        db = open_reader(path)
        found = story.package_named(db, package)
        if found is None:
            raise Refusal(f"There is no single package {package[:60]!r} here. Name it by its SSCC or its id.")
        print(story_proof.make(db, found, station.id, station.data_dir, SystemClock().wall_ms()))
    except (story_proof.NoProof, JournalDamaged) as refused:
        raise Refusal(str(refused)) from None
    except OSError as error:
        raise Refusal(f"{station.data_dir}: {error.strerror}; run this as the agent's user or root.") from None
