from __future__ import annotations

import stat
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from agent.cli.install import (
    CONFIG,
    IS_RUNNING,
    PREPARE,
    START,
    install,
    missing_secrets,
    place,
    planned_files,
    start_service,
)

EXAMPLE = '[hq.main]\ndialect = "ofs"\nsecret = "main-key"\n[hq.mirror]\nsecret = "mirror-key"\n'
EXECUTABLE = "/srv/agent/bin/edge-agent"


class Machine:
    """The far side of the installer: answers commands like a machine where the service runs or not."""

    def __init__(self, *, running: bool = False, broken: str = "") -> None:
        self.running, self.broken, self.ran = running, broken, list[tuple[str, ...]]()

    def run(self, command: Sequence[str]) -> str | None:
        if tuple(command) in IS_RUNNING:
            return None if self.running else ""
        self.ran.append(tuple(command))
        return "it is broken" if command[0] == self.broken else None


def install_into(root: Path, *more: str) -> Result:
    return CliRunner().invoke(install, ["--root", str(root), *more])


def fill(root: Path, example: str = EXAMPLE) -> None:
    for file in planned_files(root, EXECUTABLE, example):
        place(file, root, dry_run=False)


def test_a_tree_gets_every_file_of_the_service(tmp_path: Path) -> None:
    result = install_into(tmp_path)
    assert result.exit_code == 0, result.output
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()} == {
        "etc/edge-agent/edge.toml",
        "etc/systemd/system/edge-agent.service",
        "etc/systemd/system/edge-agent.service.d/secrets.conf",
        "etc/sysusers.d/edge-agent.conf",
        "etc/tmpfiles.d/edge-agent.conf",
        "etc/udev/rules.d/60-edge-agent.rules",
    }
    assert "ExecStart=/opt/edge-agent/bin/edge-agent run" in unit(tmp_path)


def test_a_second_run_changes_nothing_and_says_so(tmp_path: Path) -> None:
    install_into(tmp_path)
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.rglob("*") if path.is_file()}
    second = install_into(tmp_path)
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in before} == before
    assert second.exit_code == 0
    assert "wrote" not in second.output
    assert second.output.count("unchanged") == 5


def test_a_dry_run_says_what_it_would_do_and_does_nothing(tmp_path: Path) -> None:
    result = install_into(tmp_path, "--dry-run")
    assert result.exit_code == 0, result.output
    assert list(tmp_path.iterdir()) == []
    assert result.output.count("would write") == 6


def test_a_sites_own_edge_toml_is_never_overwritten(tmp_path: Path) -> None:
    config = tmp_path / CONFIG.lstrip("/")
    config.parent.mkdir(parents=True)
    config.write_text("# ours\n")
    assert f"kept {config}" in install_into(tmp_path).output
    assert config.read_text() == "# ours\n"


def test_edge_toml_is_not_for_every_user_of_the_machine(tmp_path: Path) -> None:
    fill(tmp_path)
    assert stat.S_IMODE((tmp_path / CONFIG.lstrip("/")).stat().st_mode) == 0o640


def test_the_unit_starts_the_agent_that_was_installed(tmp_path: Path) -> None:
    fill(tmp_path)
    assert f"ExecStart={EXECUTABLE} run --config /etc/edge-agent/edge.toml" in unit(tmp_path)


def test_every_secret_that_edge_toml_names_becomes_a_credential(tmp_path: Path) -> None:
    fill(tmp_path)
    dropin = tmp_path / "etc/systemd/system/edge-agent.service.d/secrets.conf"
    assert "LoadCredential=main-key:/etc/edge-agent/secrets/main-key\n" in dropin.read_text()
    assert "LoadCredential=mirror-key:/etc/edge-agent/secrets/mirror-key\n" in dropin.read_text()


@pytest.mark.parametrize("config", ["not toml", '[hq.main]\nsecret = "x\\nExecStart=/bin/sh"\n', "hq = 3\n"])
def test_an_edge_toml_that_cannot_be_read_is_refused_in_a_sentence(tmp_path: Path, config: str) -> None:
    target = tmp_path / CONFIG.lstrip("/")
    target.parent.mkdir(parents=True)
    target.write_text(config)
    result = install_into(tmp_path)
    assert result.exit_code == 1
    assert "Cannot tell from /etc/edge-agent/edge.toml which secrets it names" in result.output


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "etc").write_text("a file where a folder must be")
    result = install_into(tmp_path)
    assert result.exit_code == 1
    assert "Cannot write" in result.output
    assert "sysusers.d" in result.output


def test_a_fresh_station_is_prepared_and_started() -> None:
    machine = Machine()
    sentence = start_service(changed=True, missing=[], run=machine.run)
    assert machine.ran == [*PREPARE, START]
    assert "installed and running" in sentence


def test_a_run_that_was_cut_off_before_the_start_is_completed_by_the_next() -> None:
    machine = Machine(running=False)
    start_service(changed=False, missing=[], run=machine.run)
    assert machine.ran == [*PREPARE, START]


def test_a_running_station_with_nothing_new_is_left_alone() -> None:
    machine = Machine(running=True)
    assert "Nothing to do" in start_service(changed=False, missing=[], run=machine.run)
    assert machine.ran == []


def test_a_running_agent_is_not_restarted_behind_the_floors_back() -> None:
    machine = Machine(running=True)
    sentence = start_service(changed=True, missing=[], run=machine.run)
    assert "systemctl restart edge-agent" in sentence
    assert not any("restart" in command for command in machine.ran)


def test_a_service_whose_secret_is_missing_is_not_started(tmp_path: Path) -> None:
    fill(tmp_path)
    secrets = tmp_path / "etc/edge-agent/secrets"
    secrets.mkdir()
    (secrets / "main-key").write_text("k")
    missing = missing_secrets(tmp_path)
    assert missing == ["/etc/edge-agent/secrets/mirror-key"]
    machine = Machine()
    with pytest.raises(click.ClickException, match="was not started: there is no /etc/edge-agent/secrets/mirror-key"):
        start_service(changed=True, missing=missing, run=machine.run)
    assert START not in machine.ran


def test_a_command_that_fails_ends_the_run_with_what_it_said() -> None:
    machine = Machine(broken="udevadm")
    with pytest.raises(click.ClickException, match="`udevadm control --reload` failed: it is broken"):
        start_service(changed=True, missing=[], run=machine.run)
    assert START not in machine.ran


def unit(root: Path) -> str:
    return (root / "etc/systemd/system/edge-agent.service").read_text()
