"""What can happen to the files of a store: each way takes a source of chance, the busy day's folder and the copy."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from local_store.database import FILE_NAME
from tests.torture.busy_day import EARLY_LOG, LOG, OLD_LOG, OTHER_LOG

PAGE = 4096
Way = Callable[[random.Random, Path, Path], None]


class Damage(NamedTuple):
    """Something that happens to the files of a store."""

    do: Way
    weight: int = 1
    to_log: bool = False
    """The log is cut or exchanged as a whole, so what is left may be whole in itself."""


def _flip(name: str) -> Way:
    def flip(chance: random.Random, _day: Path, folder: Path) -> None:
        with (folder / name).open("r+b") as file:
            at = chance.randrange(file.seek(0, 2))
            file.seek(at)
            (byte,) = file.read(1)
            file.seek(at)
            file.write(bytes([byte ^ 1 << chance.randrange(8)]))

    return flip


def _on_page(
    change: Callable[[random.Random, list[bytes], int], None],
) -> Way:
    """Change one or a few pages of the file."""

    def do(chance: random.Random, _day: Path, folder: Path) -> None:
        data = (folder / FILE_NAME).read_bytes()
        pages = [data[at : at + PAGE] for at in range(0, len(data), PAGE)]
        for _ in range(chance.choice((1, 1, 1, 3, 8))):
            change(chance, pages, chance.randrange(len(pages)))
        (folder / FILE_NAME).write_bytes(b"".join(pages))

    return do


def _zero(_chance: random.Random, pages: list[bytes], at: int) -> None:
    pages[at] = bytes(PAGE)


def _duplicate(chance: random.Random, pages: list[bytes], at: int) -> None:
    pages[at] = chance.choice(pages)


def _exchange(chance: random.Random, pages: list[bytes], at: int) -> None:
    other = chance.randrange(len(pages))
    pages[at], pages[other] = pages[other], pages[at]


def _tear(chance: random.Random, pages: list[bytes], at: int) -> None:
    cut = 512 * chance.randrange(1, PAGE // 512)
    pages[at] = pages[at][:cut] + chance.choice((bytes(PAGE), chance.choice(pages), chance.randbytes(PAGE)))[cut:]


def _cut(name: str) -> Way:
    def cut(chance: random.Random, _day: Path, folder: Path) -> None:
        with (folder / name).open("r+b") as file:
            file.truncate(chance.randrange(1 if name == LOG else PAGE, file.seek(0, 2)))

    return cut


def _cut_header(chance: random.Random, _day: Path, folder: Path) -> None:
    with (folder / FILE_NAME).open("r+b") as file:
        file.write(bytes(chance.choice((16, 100, 512, PAGE))))


def _log_of(name: str) -> Way:
    def exchange(_chance: random.Random, day: Path, folder: Path) -> None:
        shutil.copyfile(day / name, folder / LOG)

    return exchange


def _no_log(_chance: random.Random, _day: Path, folder: Path) -> None:
    (folder / LOG).unlink()


DAMAGES: Mapping[str, Damage] = {
    "a bit of the file": Damage(_flip(FILE_NAME), weight=8),
    "a bit of the log": Damage(_flip(LOG), weight=3, to_log=True),
    "zeroed pages": Damage(_on_page(_zero), weight=2),
    "duplicated pages": Damage(_on_page(_duplicate), weight=2),
    "exchanged pages": Damage(_on_page(_exchange), weight=2),
    "torn pages": Damage(_on_page(_tear), weight=2),
    "a cut file": Damage(_cut(FILE_NAME)),
    "a cut log": Damage(_cut(LOG), to_log=True),
    "a deleted log": Damage(_no_log, to_log=True),
    "an earlier log": Damage(_log_of(EARLY_LOG), to_log=True),
    "a log of another round": Damage(_log_of(OLD_LOG), to_log=True),
    "another store's log": Damage(_log_of(OTHER_LOG), to_log=True),
    "a cut header": Damage(_cut_header),
}
