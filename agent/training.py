"""Training stays apart: a folder in which training was done is never used for real work, nor the other way round."""

from __future__ import annotations

from pathlib import Path

from config import durable_file

MARK = "training.mark"
_TEXT = "Training was done here. Nothing in this folder is real work; it may be deleted.\n"


def mark(folder: Path) -> None:
    """From now on this folder is for training only."""
    folder.mkdir(parents=True, exist_ok=True)
    if not is_marked(folder):
        durable_file.write(folder / MARK, _TEXT)


def is_marked(folder: Path) -> bool:
    """Whether training was done in this folder, or in the one it lies in."""
    return any((each / MARK).exists() for each in (folder, folder.parent))


def why_not(folder: Path, real: Path | None) -> str | None:
    """Why no training may be done in a folder; `real` is the store of the real station. None where it may."""
    if real is not None and (_within(folder, real) or _within(real, folder)):
        return f"{folder} and the station's own store {real} lie in one another. Give --folder another place."
    if is_marked(folder) or not folder.exists() or not any(folder.iterdir()):
        return None
    return f"{folder} holds something that is no training. Give --folder an empty or new folder."


def _within(one: Path, other: Path) -> bool:
    return one.resolve().is_relative_to(other.resolve())
