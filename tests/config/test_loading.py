"""edge.toml is checked in full, and every fault is a sentence that names the place, the rule and the value."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

import config
import devices.registry
import sync.dialects
from config import ConfigFaults, Hq, Settings
from config.model import Section
from tests.support.needs import ROOT

ROLES = "must be 'picker', 'packer', 'receiver', 'supervisor', 'qc_agent' or 'admin'"
KINDS_OF_WORK = "must be 'pick', 'pack', 'receive', 'put_away', 'count', 'return', 'inspect', 'kit' or 'load'"


class Scale(BaseModel):
    """A driver's settings, as a driver might have them."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    driver: Literal["line_scale"]
    port: str
    baudrate: Annotated[int, Field(ge=1200, le=115200)] = 9600
    colour: str = "grey"


class Central(Hq):
    """A dialect's settings, as a dialect might have them."""

    tenant: str = "-"


GOOD = """
[station]
id = "st-1"
warehouse_id = "WH-1"
data_dir = "data"

[hq.main]
dialect = "central"
url = "https://hq.example.com"
secret = "hq-main"

[devices.bench]
driver = "line_scale"
port = "/dev/ttyS0"

[workplaces.pack-1]
work = "pack"
devices = ["bench"]

[workers.ana]
name = "Ana"
badge = "BADGE-OF-ANA"
roles = ["packer"]

[numbers.sscc]
company_prefix = "0614141"
last = 999
"""


def load(folder: Path, text: str) -> Settings:
    path = folder / "edge.toml"
    path.write_text(text, encoding="utf-8")
    return config.load(path, {"line_scale": Scale}, {"central": Central})


def faults_of(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigFaults) as found:
        load(folder, text)
    assert str(found.value) == "\n".join(found.value.faults)
    return found.value.faults


def test_good_settings_are_read_and_the_data_folder_is_beside_the_file(tmp_path: Path) -> None:
    settings = load(tmp_path, GOOD)
    assert settings.station.data_dir == tmp_path / "data"
    assert settings.devices["bench"] == Scale(driver="line_scale", port="/dev/ttyS0")
    assert isinstance(settings.hq["main"], Central)


def test_settings_never_change_after_they_were_read(tmp_path: Path) -> None:
    settings = load(tmp_path, GOOD)
    with pytest.raises(ValueError, match="frozen"):
        settings.station.id = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("line", "instead", "sentence"),
    [
        ('id = "st-1"', 'id = "Station One"',
         'station.id: must be a name of at most 40 small letters, digits, - or _ (got "Station One")'),
        ('id = "st-1"', "", "station.id: must be set (got nothing)"),
        ('id = "st-1"', "id = 1", "station.id: must be text in quotes (got 1)"),
        ('warehouse_id = "WH-1"', 'warehouse_id = ""',
         'station.warehouse_id: must be at least 1 characters long (got "")'),
        ('data_dir = "data"', "data_dir = true", "station.data_dir: must be text in quotes (got true)"),
        ('data_dir = "data"', 'data_dir = "data"\nlisten = "0.0.0.0:80"',
         'station.listen: must be a loopback address with a port, such as 127.0.0.1:8765 (got "0.0.0.0:80")'),
        ('data_dir = "data"', 'data_dir = "data"\ntimezone = "Europe/Atlantis"',
         'station.timezone: must be an IANA time zone like Europe/Berlin (got "Europe/Atlantis")'),
        ('data_dir = "data"', 'data_dir = "data"\nballast_mb = -1',
         "station.ballast_mb: must be at least 0 (got -1)"),
        ('data_dir = "data"', 'data_dir = "data"\nlisten = "127.0.0.1:65536"',
         'station.listen: must be an address whose port is at most 65535 (got "127.0.0.1:65536")'),
        ('dialect = "central"', 'dialect = "centrol"', 'hq.main.dialect: must be central (got "centrol")'),
        ('dialect = "central"', "", "hq.main.dialect: must be central (got nothing)"),
        ('dialect = "central"', 'dialect = ["central"]', 'hq.main.dialect: must be central (got ["central"])'),
        ('url = "https://hq.example.com"', 'url = "hq.example.com"',
         'hq.main.url: must be an address such as https://hq.example.com (got "hq.example.com")'),
        ('url = "https://hq.example.com"', 'url = "ftp://hq.example.com"',
         'hq.main.url: must be an address such as https://hq.example.com (got "ftp://hq.example.com")'),
        ('secret = "hq-main"', 'secret = "hq-main"\npoll_s = 0', "hq.main.poll_s: must be at least 1 (got 0)"),
        ('secret = "hq-main"', 'secret = "hq-main"\ntimeout_s = 301',
         "hq.main.timeout_s: must be at most 300 (got 301)"),
        ('secret = "hq-main"', 'secret = "hq-main"\npoll_s = "15s"',
         'hq.main.poll_s: must be a whole number (got "15s")'),
        ('secret = "hq-main"', 'secret = "hq-main"\npoll_s = 1.5',
         "hq.main.poll_s: must be a whole number (got 1.5)"),
        ('secret = "hq-main"', 'secret = "hq-main"\nsink = "maybe"',
         'hq.main.sink: must be true or false (got "maybe")'),
        ('driver = "line_scale"', 'driver = "toaster"', 'devices.bench.driver: must be line_scale (got "toaster")'),
        ('port = "/dev/ttyS0"', 'port = "/dev/ttyS0"\nbaudrate = 50',
         "devices.bench.baudrate: must be at least 1200 (got 50)"),
        ('work = "pack"', 'work = "sleep"', f'workplaces.pack-1.work: {KINDS_OF_WORK} (got "sleep")'),
        ('devices = ["bench"]', 'devices = "bench"',
         'workplaces.pack-1.devices: must be a list in square brackets (got "bench")'),
        ('devices = ["bench"]', 'devices = ["Bench!"]',
         'workplaces.pack-1.devices.0: must be a name of at most 40 small letters, digits, - or _ (got "Bench!")'),
        ("[workplaces.pack-1]", '[workplaces."Pack 1"]',
         'workplaces.Pack 1: must be a name of at most 40 small letters, digits, - or _ (got "Pack 1")'),
        ('roles = ["packer"]', "roles = []", "workers.ana.roles: must be at least 1 of them (got [])"),
        ('roles = ["packer"]', 'roles = ["boss"]',
         f'workers.ana.roles.0: {ROLES} (got "boss")'),
        ('roles = ["packer"]', 'roles = "packer"',
         'workers.ana.roles: must be a list in square brackets (got "packer")'),
        ('company_prefix = "0614141"', "company_prefix = 614141",
         "numbers.sscc.company_prefix: must be text in quotes (got 614141)"),
        ('company_prefix = "0614141"', 'company_prefix = "061-4141"',
         'numbers.sscc.company_prefix: must be 7 to 10 digits in quotes (got "061-4141")'),
        ("last = 999", "last = 999\n[packing]\ntolerance_percent = 101",
         "packing.tolerance_percent: must be at most 100 (got 101)"),
        ("last = 999", "last = 999\n[packing]\ntolerance_percent = true",
         "packing.tolerance_percent: must be a number (got true)"),
        ("last = 999", "last = 999\n[packing]\ncarton_g = -1", "packing.carton_g: must be at least 0 (got -1)"),
        ("last = 999", 'last = 999\n[ship_from]\nname = "' + "x" * 61 + '"',
         'ship_from.name: must be at most 60 characters long (got "' + "x" * 58 + "…)"),
    ],
)  # fmt: skip
def test_each_fault_names_the_place_the_rule_and_the_value(
    tmp_path: Path, line: str, instead: str, sentence: str
) -> None:
    assert GOOD.count(line) == 1
    assert faults_of(tmp_path, GOOD.replace(line, instead)) == [f"edge.toml: {sentence}"]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (GOOD.replace("[workplaces.pack-1]", "[nothing]"), "workplaces: must be set (got nothing)"),
        ("devices = 3\n" + GOOD.replace("[devices.bench]", "[other]"),
         "devices: must be tables such as [devices.name] (got 3)"),
        ("packing = 3\n" + GOOD, "packing: must be a table of settings (got 3)"),
    ],
)  # fmt: skip
def test_a_value_where_a_table_belongs_is_told(tmp_path: Path, document: str, sentence: str) -> None:
    assert f"edge.toml: {sentence}" in faults_of(tmp_path, document)


# unknown settings


@pytest.mark.parametrize(
    ("after", "wrong", "sentence"),
    [
        ("[station]", 'warehose_id = "x"', "station.warehose_id: unknown setting; did you mean `warehouse_id`?"),
        ("[hq.main]", 'tennant = "x"', "hq.main.tennant: unknown setting; did you mean `tenant`?"),
        ("[devices.bench]", 'color = "red"', "devices.bench.color: unknown setting; did you mean `colour`?"),
        ("[workplaces.pack-1]", "device = []", "workplaces.pack-1.device: unknown setting; did you mean `devices`?"),
        ("[workers.ana]", "role = 1", "workers.ana.role: unknown setting; did you mean `roles`?"),
        ("[numbers.sscc]", "prefix = 1", "numbers.sscc.prefix: unknown setting; did you mean `company_prefix`?"),
        ("[numbers.sscc]", "zzz = 1", "numbers.sscc.zzz: unknown setting"),
        (
            "",
            "[packing]\ntolerance = 1",
            "packing.tolerance: unknown setting; did you mean `tolerance_g`?",
        ),
        ("", "[paking]\na = 1", "paking: unknown setting; did you mean `packing`?"),
        ("", "[numbers.ssc]\na = 1", "numbers.ssc: unknown setting; did you mean `sscc`?"),
    ],
)
def test_an_unknown_setting_is_told_with_the_nearest_that_is_known(
    tmp_path: Path, after: str, wrong: str, sentence: str
) -> None:
    text = GOOD.replace(after, f"{after}\n{wrong}") if after else f"{GOOD}\n{wrong}"
    assert faults_of(tmp_path, text) == [f"edge.toml: {sentence}"]


# all at once, and contradictions


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = (
        GOOD.replace('id = "st-1"', "id = 7")
        .replace('url = "https://hq.example.com"', "")
        .replace('driver = "line_scale"', 'driver = "x"')
        .replace('work = "pack"', 'work = "x"')
        .replace("last = 999", "last = 0")
    )
    assert [fault.split(": ")[1] for fault in faults_of(tmp_path, text)] == [
        "hq.main.url", "devices.bench.driver", "station.id", "workplaces.pack-1.work", "numbers.sscc.last",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "instead", "sentence"),
    [
        ('devices = ["bench"]', 'devices = ["bensh"]',
         'workplaces.pack-1.devices: there is no [devices.bensh]; did you mean `bench`? (got "bensh")'),
        ("[workers.ana]", '[workplaces.pack-2]\nwork = "pack"\ndevices = ["bench"]\n[workers.ana]',
         "workplaces.pack-2.devices: bench already belongs to pack-1; a device serves one workplace"),
        ("[workers.ana]", '[workers.ben]\nname = "Ben"\nbadge = "BADGE-OF-ANA"\nroles = ["picker"]\n[workers.ana]',
         "workers.ana.badge: is also the badge of ben; badges must differ"),
        ("last = 999", "first = 1000\nlast = 999", "numbers.sscc.last: must be at least first, 1000 (got 999)"),
        ("last = 999", "last = 1000000000",
         "numbers.sscc.last: must be at most 9 digits beside this company prefix (got 1000000000)"),
    ],
)  # fmt: skip
def test_settings_that_contradict_each_other_are_told(tmp_path: Path, line: str, instead: str, sentence: str) -> None:
    assert faults_of(tmp_path, GOOD.replace(line, instead)) == [f"edge.toml: {sentence}"]


# secrets


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ('badge = "BADGE-OF-ANA"', 'badge = ["TOP-SECRET-1"]'),
        ('badge = "BADGE-OF-ANA"', f'badge = "TOP-SECRET-{"1" * 60}"'),
        ('name = "Ana"\nbadge = "BADGE-OF-ANA"', 'badge = "TOP-SECRET-1"'),
        ('roles = ["packer"]', 'badges = "TOP-SECRET-1"\nroles = ["packer"]'),
        ('secret = "hq-main"', 'secret = "TOP-SECRET-1"'),
        ('url = "https://hq.example.com"', 'url = "htp://me:TOP-SECRET-1@hq.example.com"'),
        ("[workers.ana]", '[workers]\nben = "TOP-SECRET-1"\n[workers.ana]'),
        ("[station]", 'workers = "TOP-SECRET-1"\n[station]'),
    ],
)
def test_no_fault_ever_shows_a_badge_or_a_key(tmp_path: Path, line: str, instead: str) -> None:
    text = GOOD.replace(line, instead)
    if instead.startswith("workers"):
        text = text.partition("[workers.ana]")[0]
    faults = faults_of(tmp_path, text)
    assert "TOP-SECRET" not in "\n".join(faults)
    assert len(faults) == 1


# the file itself


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigFaults, match="there is no such file; `edge-agent install` writes one, or name yours"):
        config.load(tmp_path / "edge.toml", {}, {})


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigFaults, match=r"it cannot be read \(Is a directory\)"):
        config.load(tmp_path, {}, {})


@pytest.mark.parametrize("text", ["[station", "a = ", "a = 1\na = 2", "\udcff"])
def test_what_is_not_toml_is_told_with_its_place(tmp_path: Path, text: str) -> None:
    path = tmp_path / "edge.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigFaults, match=r"edge\.toml: this is not TOML: "):
        config.load(path, {}, {})


# the example


EXAMPLE = ROOT / "config" / "edge.example.toml"


def test_the_example_is_a_pack_station_with_all_it_needs() -> None:
    settings = _load_example()
    kinds = settings.device_kinds(lambda driver: devices.registry.DRIVERS[driver].kind)
    assert sorted(kinds.values()) == ["printer", "scale", "scanner"]
    assert settings.workplaces["pack-1"].devices == ("scanner", "scale", "printer")
    assert settings.hq["main"].dialect == "ofs"


def test_every_setting_of_the_example_is_explained_on_its_line() -> None:
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        assert not line or line.startswith(("#", "[")) or "  # " in line, line


def test_every_setting_a_site_can_write_is_in_the_example_with_its_usual_value(tmp_path: Path) -> None:
    """Nothing to set is hidden, and a line that is taken in by removing its # changes nothing."""
    text = EXAMPLE.read_text(encoding="utf-8")
    lines = [line.removeprefix("# ") if " = " in line and "  # " in line else line for line in text.splitlines()]
    path = tmp_path / "edge.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    everything = _load_example(path)
    assert everything == _load_example()
    for section in (everything.station, everything.packing, everything.ship_from, *everything.hq.values()):
        assert section.model_fields_set == set(type(section).model_fields)
    assert isinstance(everything.numbers.sscc, Section)
    assert everything.numbers.sscc.model_fields_set == set(type(everything.numbers.sscc).model_fields)


def _load_example(path: Path = EXAMPLE) -> Settings:
    return config.load(path, devices.registry.SETTINGS, sync.dialects.SETTINGS)


def test_the_station_speaks_english_and_people_speak_as_it_does_unless_something_else_is_said(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    path = tmp_path / "edge.toml"
    path.write_text(text.replace("[workers.ana]", '[workers.ana]\nlanguage = "de"'), encoding="utf-8")
    assert (_load_example().station.language, _load_example().workers["ana"].language) == ("en", None)
    assert _load_example(path).workers["ana"].language == "de"
