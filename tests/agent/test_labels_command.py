from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.support.needs import ROOT
from tests.support.render import read_barcodes

STATION = '[station]\nid = "s-1"\nwarehouse_id = "w"\ndata_dir = "d"\n[workplaces.pack]\nwork = "pack"\n'
PRINTER = (
    'devices = ["tag"]\n[devices.tag]\ndriver = "zpl_printer"\nhost = "192.0.2.1"\ndpi = 300\nstock = "600x300"\n'
)


def edge_agent(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "agent", *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "edge.toml"
    path.write_text(STATION)
    return path


def site(config: Path, name: str, text: str) -> None:
    (config.parent / "templates").mkdir(exist_ok=True)
    (config.parent / "templates" / f"{name}.zpl").write_text(text)


def example() -> str:
    """The template that docs/labels.md shows."""
    page = (ROOT / "docs" / "labels.md").read_text(encoding="utf-8")
    return "# note Sticker" + page.split("# note Sticker")[1].split("```")[0]


def test_the_example_of_the_documentation_is_a_good_template(config: Path) -> None:
    site(config, "glass", example())
    told = edge_agent("labels", "check", "--config", str(config))
    assert told.stdout == f"{config.parent / 'templates'}: glass: all fine.\n"
    listed = [line.split() for line in edge_agent("labels", "list", "--config", str(config)).stdout.splitlines()]
    assert ["glass", "51x25", "mm", "the", "site's", "own", "order,", "shelf"] in listed
    assert ["tote", "102x51", "mm", "shipped", "code,", "note"] in listed


def test_a_preview_is_a_picture_whose_barcode_can_be_read(config: Path) -> None:
    site(config, "glass", example())
    out = config.parent / "glass.png"
    told = edge_agent("labels", "preview", "glass", "--dpi", "300", "--out", str(out), "--config", str(config))
    assert told.stdout == f"{out}: glass, 600x300 dots at 300 dpi.\n"
    assert read_barcodes(Image.open(out)) == [("]C0", "D-01-3")]
    told = edge_agent("labels", "preview", "nosuch", "--out", str(out), "--config", str(config))
    assert told.returncode == 2
    assert "There is no label template 'nosuch'; there are address, badge" in told.stderr


@pytest.mark.parametrize("command", [("check-config",), ("labels", "check"), ("run",)])
def test_every_fault_of_a_sites_templates_is_told_before_anything_starts(
    config: Path, command: tuple[str, ...]
) -> None:
    site(config, "one", example().replace("^XZ", "~JA\n^XZ"))
    site(config, "two", example().replace("{shelf}^FS", "{shelv}^FS"))
    told = edge_agent(*command, "--config", str(config))
    assert told.returncode == 2
    assert "one.zpl:11: labels may not use ~JA; take it away (got '~JA')." in told.stderr
    assert "two.zpl:10: {shelv} is not a field of the header; declare it or mend its name." in told.stderr


def test_a_template_is_checked_for_the_printers_of_the_station(config: Path) -> None:
    config.write_text(STATION + PRINTER)
    site(config, "glass", example())
    assert edge_agent("check-config", "--config", str(config)).returncode == 0
    config.write_text(STATION + PRINTER.replace("600x300", "400x300"))
    told = edge_agent("check-config", "--config", str(config))
    assert told.returncode == 2
    assert "glass.zpl: it is 600 dots wide and the labels of printer 'tag' are 400; make it narrower" in told.stderr
