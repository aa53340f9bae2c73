"""What a test may need beyond Python: each is found once, and its absence is a sentence, never a silent skip."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[2]
REQUIRE_ALL = os.environ.get("EDGE_REQUIRE_ALL") == "1"


def shared_folder() -> Path | None:
    """The reference folder: `$EDGE_SHARED`, else `../shared` beside the project."""
    folder = Path(os.environ.get("EDGE_SHARED", ROOT.parent / "shared"))
    return folder if folder.is_dir() else None


def chromium() -> str | None:
    """Path of a Chromium that can be driven."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def node_renderer() -> str | None:
    """Path of node, when the ZPL renderer is installed beside it (`npm ci`)."""
    return shutil.which("node") if (ROOT / "node_modules" / "zpl-renderer-js").is_dir() else None


def type_checker() -> Path | None:
    """Path of the TypeScript compiler, which checks the types of the pages (`npm ci`)."""
    tsc = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
    return tsc if tsc.is_file() and shutil.which("node") else None


def accessibility_rules() -> Path | None:
    """Path of axe-core, the rules of accessibility that a page is held to (`npm ci`)."""
    axe = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    return axe if axe.is_file() else None


def compiler() -> str | None:
    """Path of a C compiler, for the shim that watches system calls."""
    return shutil.which("gcc") or shutil.which("cc")


def keyboard_tables() -> Path | None:
    """The folder of the keyboard tables of X."""
    folder = Path("/usr/share/X11/xkb/symbols")
    return folder if folder.is_dir() else None


def systemd_analyze() -> str | None:
    """Path of systemd-analyze."""
    return shutil.which("systemd-analyze")


NEEDS = {
    "the shared reference folder (real orders, seeds)": shared_folder,
    "Chromium (screens)": chromium,
    "Node with zpl-renderer-js, `npm ci` (labels read back)": node_renderer,
    "Node with typescript, `npm ci` (types of the pages)": type_checker,
    "axe-core, `npm ci` (accessibility of the pages)": accessibility_rules,
    "a C compiler (counting system calls)": compiler,
    "systemd-analyze (the service unit)": systemd_analyze,
    "the keyboard tables of X, package xkb-data (scanners that type)": keyboard_tables,
}


def missing() -> list[str]:
    """What is not here, in words."""
    return [name for name, find in NEEDS.items() if find() is None]


def skip_or_fail(what: str) -> NoReturn:
    """Skip with a sentence; where everything is required, fail instead."""
    sentence = f"{what} is not on this machine"
    if REQUIRE_ALL:
        pytest.fail(sentence)
    pytest.skip(sentence)
