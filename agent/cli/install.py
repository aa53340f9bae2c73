"""`edge-agent install`: user, unit, udev rules and a first edge.toml on a station; a second run changes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import click
from pydantic import TypeAdapter, ValidationError

from config.model import Name

UNIT = "edge-agent.service"
PACKAGED_EXECUTABLE = "/opt/edge-agent/bin/edge-agent"
CONFIG = "/etc/edge-agent/edge.toml"
SECRETS = "/etc/edge-agent/secrets"
HIDDEN_FROM_THE_SERVICE = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")  # noqa: S108 -- ProtectHome, PrivateTmp
COMMAND_TIMEOUT_S = 120

PREPARE = (
    ("systemd-sysusers", "/etc/sysusers.d/edge-agent.conf"),
    ("systemd-tmpfiles", "--create", "/etc/tmpfiles.d/edge-agent.conf"),
    ("udevadm", "control", "--reload"),
    ("udevadm", "trigger", *(f"--subsystem-match={name}" for name in ("tty", "hidraw", "input", "usbmisc"))),
    ("systemctl", "daemon-reload"),
)
START = ("systemctl", "enable", "--now", UNIT)
IS_RUNNING = (("systemctl", "is-enabled", "--quiet", UNIT), ("systemctl", "is-active", "--quiet", UNIT))

Run = Callable[[Sequence[str]], str | None]
"""Runs a command; None when it succeeded, else what it said."""


@dataclass(frozen=True)
class File:
    """One file of the installation: where it goes on the station, and whether a present one is kept."""

    path: str
    text: str
    mode: int = 0o644
    keep: bool = False


@click.command()
@click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    help="Install into this folder tree, as for an image, and run nothing.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done; change nothing.")
def install(root: Path | None, *, dry_run: bool) -> None:
    """Install the agent as a service of this station: user, unit, udev rules, first edge.toml, start."""
    executable = PACKAGED_EXECUTABLE if root else str(Path(sys.executable).with_name("edge-agent"))
    base = root or Path("/")
    if not root:
        _require_usable(executable)
    if not (root or dry_run):
        _require_station()
    changed = False
    for file in planned_files(base, executable, _packaged_example()):
        changed |= place(file, base, dry_run=dry_run)
    if root:
        return
    if dry_run:
        for command in (*PREPARE, START):
            click.echo(f"would run: {' '.join(command)}")
        return
    click.echo(start_service(changed=changed, missing=missing_secrets(base), run=_run))


def planned_files(base: Path, executable: str, example: str) -> list[File]:
    """Every file of the installation. Secrets are named by the edge.toml under `base`, else by `example`."""
    present = base / CONFIG.lstrip("/")
    config = _read(present) if present.exists() else example
    loads = "".join(f"LoadCredential={name}:{SECRETS}/{name}\n" for name in secret_names(config, CONFIG))
    dropin = f"# Written by `edge-agent install` from the secrets that edge.toml names.\n[Service]\n{loads}"
    return [
        File("/etc/sysusers.d/edge-agent.conf", _packaged("edge-agent.sysusers.conf")),
        File("/etc/tmpfiles.d/edge-agent.conf", _packaged("edge-agent.tmpfiles.conf")),
        File("/etc/udev/rules.d/60-edge-agent.rules", _packaged("60-edge-agent.rules")),
        File(f"/etc/systemd/system/{UNIT}", _packaged(UNIT).replace(PACKAGED_EXECUTABLE, executable)),
        File(f"/etc/systemd/system/{UNIT}.d/secrets.conf", dropin),
        File(CONFIG, example, mode=0o640, keep=True),
    ]


def place(file: File, base: Path, *, dry_run: bool) -> bool:
    """Bring one file into place under `base` and say so; True when it had to change."""
    target = base / file.path.lstrip("/")
    if target.exists() and file.keep:
        click.echo(f"kept {target}")
        return False
    if target.exists() and _read(target) == file.text:
        click.echo(f"unchanged {target}")
        return False
    if dry_run:
        click.echo(f"would write {target}")
        return True
    partial = target.with_name(f".{target.name}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(file.text, encoding="utf-8")
        partial.chmod(file.mode)
        partial.replace(target)
    except OSError as error:
        raise click.ClickException(
            f"Cannot write {target}: {error.strerror}; correct that and run this again."
        ) from error
    click.echo(f"wrote {target}")
    return True


def secret_names(config: str, path: str) -> list[str]:
    """The names of the secrets an edge.toml asks for. Raises ClickException where it cannot be read."""
    try:
        sections = tomllib.loads(config).get("hq", {})
        found = {section["secret"] for section in sections.values() if "secret" in section}
        return sorted(TypeAdapter(Name).validate_python(name) for name in found)
    except (tomllib.TOMLDecodeError, AttributeError, TypeError, ValidationError) as error:
        raise click.ClickException(
            f"Cannot tell from {path} which secrets it names; run `edge-agent check-config --config {path}`, "
            "correct what it says, and run this again."
        ) from error


def missing_secrets(base: Path) -> list[str]:
    """The files of secrets that the edge.toml under `base` names and that are not there."""
    names = secret_names(_read(base / CONFIG.lstrip("/")), CONFIG)
    return [f"{SECRETS}/{name}" for name in names if not (base / SECRETS.lstrip("/") / name).exists()]


def start_service(*, changed: bool, missing: Sequence[str], run: Run) -> str:
    """Make systemd know the files and start the service; a sentence about what is so now.

    Raises ClickException when a command fails, or when the service could not start for want of a secret.
    """
    running = all(run(command) is None for command in IS_RUNNING)
    if running and not changed:
        return "Nothing to do: everything is in place and edge-agent is running."
    for command in PREPARE:
        _must(run, command)
    if missing:
        raise click.ClickException(
            f"edge-agent is installed but was not started: there is no {' and no '.join(missing)}. Write the key "
            f"that HQ gave you into it (`sudo install -m 600 /dev/stdin {missing[0]}`), "
            "then run `edge-agent install` again."
        )
    _must(run, START)
    if running:
        return "Files changed while edge-agent was running: `systemctl restart edge-agent` when the floor can pause."
    return "edge-agent is installed and running: `systemctl status edge-agent`, `edge-agent status`."


def _require_usable(executable: str) -> None:
    if executable.startswith(tuple(f"{folder}/" for folder in HIDDEN_FROM_THE_SERVICE)):
        raise click.ClickException(
            f"The service cannot see {executable}: home and temporary folders are hidden from it. "
            "Install the agent into its own environment, such as /opt/edge-agent, and run this from there."
        )


def _require_station() -> None:
    if os.geteuid() != 0:
        raise click.ClickException("Only root can install a service: run `sudo edge-agent install`.")
    if not Path("/run/systemd/system").is_dir():
        raise click.ClickException(
            "systemd does not run on this machine, so nothing could start the agent. "
            "Use `--root DIR` to fill an image, or `edge-agent run` to run it by hand."
        )


def _must(run: Run, command: Sequence[str]) -> None:
    fault = run(command)
    if fault is not None:
        raise click.ClickException(
            f"`{' '.join(command)}` failed: {fault or 'it said nothing'}. Correct that and run "
            "`edge-agent install` again."
        )


def _run(command: Sequence[str]) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603 -- the commands are the constants above
            command, capture_output=True, text=True, timeout=COMMAND_TIMEOUT_S, check=False
        )
    except FileNotFoundError:
        return f"there is no {command[0]} on this machine"
    except subprocess.TimeoutExpired:
        return f"it did not end within {COMMAND_TIMEOUT_S} s"
    return None if done.returncode == 0 else done.stderr.strip()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"Cannot read {path}: {error}; correct that and run this again.") from error


def _packaged_example() -> str:
    return _text(files("config") / "edge.example.toml")


def _packaged(name: str) -> str:
    """A file of `agent/systemd` in an installed agent, of `systemd` in a checkout."""
    installed = files("agent") / "systemd" / name
    return _text(installed if installed.is_file() else files("agent") / ".." / "systemd" / name)


def _text(source: Traversable) -> str:
    if not source.is_file():
        raise click.ClickException(
            f"This installation of the agent is incomplete: there is no {source}; install it again."
        )
    return source.read_text(encoding="utf-8")
