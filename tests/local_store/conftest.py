from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest

from tests.support import day_store
from tests.support.floor import Bench, line, product
from tests.torture import busy_day
from tests.torture.counts import scratch


@pytest.fixture
def open_bench() -> Iterator[Callable[[str], Bench]]:
    """Makes a bench at a workplace; all of them are closed after the test. Its store needs no disk to be right."""
    opened: list[Bench] = []
    folder = Path(mkdtemp(prefix="bench-", dir=scratch()))

    def make(at: str) -> Bench:
        opened.append(Bench(folder / f"data-{len(opened)}", at=at))
        return opened[-1]

    yield make
    for bench in opened:
        bench.close()
    rmtree(folder)


@pytest.fixture
def bench(open_bench: Callable[[str], Bench]) -> Bench:
    """An empty picking workplace."""
    return open_bench("pick-1")


@pytest.fixture
def picking(bench: Bench) -> Bench:
    """Ana has PL-7 open, two lines at A-1 and one at B-2, and has scanned no location yet."""
    bench.given_products(*PRODUCTS)
    bench.given_picklist("PL-7", line("SKU-1", 2), line("SKU-2", 6), line("SKU-3", 1, at="B-2"))
    bench.signed_in().scan("PL-7")
    return bench


@pytest.fixture
def packing(open_bench: Callable[[str], Bench]) -> Bench:
    """Ana has order O-1 open at the pack station: two SKU-1 and one SKU-2, 100 g each."""
    bench = open_bench("pack-1")
    bench.given_products(*PRODUCTS)
    bench.given_order("O-1", line("SKU-1", 2), line("SKU-2", 1))
    bench.signed_in().scan("O-1")
    return bench


@pytest.fixture(scope="module")
def busy_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a busy day's store, not closed."""
    folder = tmp_path_factory.mktemp("busy") / "day"
    busy_day.make(folder)
    return folder


@pytest.fixture
def folder(busy_files: Path, tmp_path: Path) -> Path:
    """A station's data folder with that store."""
    return day_store.put(busy_files, tmp_path / "data")


PRODUCTS = (
    product("SKU-1", "2900000000018", name="Chai", location_id="A-1"),
    product("SKU-2", "2900000000025", "2900000000032*6", name="Chang", location_id="A-1"),
    product("SKU-3", "2900000000049", name="Aniseed Syrup", location_id="B-2"),
    product("SKU-9", "2900000000056", name="Tofu", location_id="C-3"),
)
