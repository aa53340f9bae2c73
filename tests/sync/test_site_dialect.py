"""A site's own package brings a dialect: its settings are read, its facts promised, and no name of ours is taken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.support.needs import ROOT

DIALECT = """
from typing import Literal
from config.model import Hq
from sync.dialect import Dialect

class HouseHq(Hq):
    dialect: Literal["house"]
    room: str

DIALECT = Dialect("house", HouseHq, lambda hq: frozenset({"shipment.requested"}), lambda *_: None)
"""
EDGE_TOML = """
[station]
id = "st-1"
warehouse_id = "wh_1"
data_dir = "data"

[workplaces.pick-1]
work = "pick"

[workers.ana]
name = "Ana"
badge = "BADGE-ANA"
roles = ["picker"]

[hq.home]
dialect = "house"
url = "https://hq.example.com"
secret = "hq"
room = "12"
"""
TRY_IT = """
import json, sys
from pathlib import Path
import config, devices.registry, sync.dialects
hq = config.load(Path(sys.argv[1]), devices.registry.SETTINGS, sync.dialects.SETTINGS).hq["home"]
dialect = sync.dialects.DIALECTS["house"]
ours = sync.dialects.DIALECTS["ofs"].make_client.__module__
print(json.dumps([hq.room, sorted(dialect.accepts(hq)), ours]))
"""


def test_a_dialect_of_another_package_is_found_by_its_entry_point(tmp_path: Path) -> None:
    installed, info = tmp_path / "installed", tmp_path / "installed/house-1.0.dist-info"
    info.mkdir(parents=True)
    (installed / "house.py").write_text(DIALECT)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: house\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[warehouse_edge_agent.dialects]\nhouse = house:DIALECT\nofs = house:DIALECT\n"
    )
    (tmp_path / "edge.toml").write_text(EDGE_TOML)
    done = subprocess.run(
        [sys.executable, "-c", TRY_IT, str(tmp_path / "edge.toml")],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(installed), str(ROOT)])},
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["12", ["shipment.requested"], "sync.dialects.ofs.client"]
