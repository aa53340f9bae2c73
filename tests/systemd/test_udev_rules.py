"""udev ignores a line it cannot read, so every line is checked: by udev where it can, always by the grammar below."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.needs import ROOT

RULES = ROOT / "systemd" / "60-edge-agent.rules"
TOKEN = re.compile(
    r'(?P<key>[A-Z]+)(?:\{(?P<attribute>[A-Za-z0-9_/]+)\})?(?P<operator>==|!=|\+=|:=|=)"(?P<value>[^"]*)"'
)
MATCHES, SETS = {"==", "!="}, {"=", "+=", ":="}
OPERATORS = {
    "ACTION": MATCHES,
    "SUBSYSTEM": MATCHES,
    "KERNEL": MATCHES,
    "ATTR": MATCHES | SETS,
    "ATTRS": MATCHES,
    "PROGRAM": MATCHES,
    "RESULT": MATCHES,
    "TEST": MATCHES,
    "ENV": MATCHES | SETS,
    "IMPORT": {"="} | MATCHES,
    "GROUP": SETS,
    "MODE": SETS,
    "SYMLINK": SETS,
    "GOTO": {"="},
    "LABEL": {"="},
}
WITH_ATTRIBUTE = {"ATTR", "ATTRS", "ENV", "IMPORT"}


def faults(rules: str) -> list[str]:
    """What is wrong with these rules, line by line."""
    found = []
    labels: dict[str, list[str]] = {"GOTO": [], "LABEL": []}
    for number, line in enumerate(rules.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        for part in line.split(", "):
            token = TOKEN.fullmatch(part)
            if token is None:
                found.append(f"line {number}: cannot read {part!r}")
                continue
            key, operator = token["key"], token["operator"]
            if operator not in OPERATORS.get(key, set()):
                found.append(f"line {number}: {key} with {operator}")
            if (key in WITH_ATTRIBUTE) != (token["attribute"] is not None):
                found.append(f"line {number}: {key} with or without {{…}}")
            if key in labels:
                labels[key].append(token["value"])
    missing = sorted(set(labels["GOTO"]) ^ set(labels["LABEL"]))
    return [*found, *(f"label {name}: jump and target do not match" for name in missing)]


def said_by_udev(rules: Path) -> str:
    """What `udevadm verify` complains about; "" before systemd 254, which has no such command."""
    program = shutil.which("udevadm")
    known = "" if program is None else run(program, "--help").stdout
    if program is None or "verify" not in known:
        return ""
    done = run(program, "verify", "--resolve-names=never", str(rules))
    return "" if done.returncode == 0 else done.stdout + done.stderr


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_every_line_of_the_rules_can_be_read() -> None:
    assert faults(RULES.read_text()) == []
    assert said_by_udev(RULES) == ""


@pytest.mark.parametrize(
    "wrong",
    [
        'SUBSYSTEM=="tty" MODE="0660"',
        'SUBSYSTEM="tty"',
        'MODE=="0660"',
        'ATTRS=="0403"',
        'KERNELL=="tty"',
        'KERNEL=="tty',
        'GOTO="nowhere"',
    ],
)
def test_a_line_udev_would_ignore_is_found(wrong: str) -> None:
    assert faults(wrong) != []


def test_modems_of_other_makers_are_left_to_modem_manager() -> None:
    rules = RULES.read_text()
    ignoring = [line for line in rules.splitlines() if "ID_MM_DEVICE_IGNORE" in line]
    assert len(ignoring) == 1
    assert rules.index('ENV{EDGE_AGENT}!="?*", GOTO="edge_agent_end"') < rules.index(ignoring[0])


def test_the_scales_of_the_device_reference_are_allowed(shared: Path) -> None:
    reference = (shared / "reference" / "device_protocols.md").read_text(encoding="utf-8")
    table = reference.split("### 3.2 Known devices")[1].split("### 3.3")[0]
    vendors = set(re.findall(r"\b([0-9a-f]{4}):[0-9a-f]{4}\b", table)) - {
        "04d9"
    }  # says itself that it is no HID scale
    assert vendors - vendors_of('SUBSYSTEM=="hidraw"') == set()


def vendors_of(start: str) -> set[str]:
    lines = [line for line in RULES.read_text().splitlines() if line.startswith(start)]
    return {
        each for line in lines for group in re.findall(r'idVendor}=="([^"]+)"', line) for each in group.split("|")
    }


def test_every_maker_whose_devices_are_opened_is_kept_awake() -> None:
    named = [vendors_of(f'SUBSYSTEM=="{each}"') for each in ("tty", "hidraw", "input")]
    assert set.union(*named) - vendors_of('SUBSYSTEM=="usb"') == set()


@pytest.mark.parametrize(
    ("descriptor", "is_ours"),
    [(b"\x05\x8d\x09\x20\xa1\x01", True), (b"\x05\x8c\x09\x02", True), (b"\x05\x01\x09\x06", False), (b"", False)],
)
def test_scales_and_scanners_of_any_maker_are_known_by_their_usage_page(
    tmp_path: Path,
    descriptor: bytes,
    is_ours: bool,  # noqa: FBT001 -- of the table above
) -> None:
    (line,) = [line for line in RULES.read_text().splitlines() if "PROGRAM" in line]
    found = re.search(r"PROGRAM==\"/bin/sh -c '([^']+)'\", RESULT==\"([^\"]+)\"", line)
    assert found is not None
    (tmp_path / "device").mkdir()
    (tmp_path / "device/report_descriptor").write_bytes(descriptor)
    done = run("/bin/sh", "-c", found[1].replace("/sys$devpath", str(tmp_path)))
    assert (done.stdout.removesuffix("\n") in found[2].split("|")) is is_ours
