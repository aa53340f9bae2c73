"""How full a disk may get before work changes, and the ballast that is given up for the last facts."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_store.disk import BALLAST_NAME, GIB, Disk, Room, Space, room_of, space_of
from local_store.domain import events as e
from tests.support.floor import Bench, line

MIB = 1 << 20
GB = 1000 * MIB


@pytest.mark.parametrize(
    ("percent_used", "room"),
    [
        (0, Room.OK),
        (84, Room.OK),
        (85, Room.WARN),
        (91, Room.WARN),
        (92, Room.TIGHT),
        (96, Room.TIGHT),
        (97, Room.NO_NEW_WORK),
        (100, Room.NO_NEW_WORK),
    ],
)
def test_the_share_of_a_small_disk_decides(percent_used: int, room: Room) -> None:
    assert room_of(Space(10 * GB, 10 * GB * (100 - percent_used) // 100)) is room


def test_a_big_disk_with_gigabytes_to_spare_is_not_short_of_room() -> None:
    assert room_of(Space(4000 * GIB, 17 * GIB)) is Room.OK
    assert room_of(Space(4000 * GIB, 5 * GIB)) is Room.WARN
    assert room_of(Space(4000 * GIB, 2 * GIB)) is Room.TIGHT
    assert room_of(Space(4000 * GIB, GIB - 1)) is Room.NO_NEW_WORK


def test_a_ballast_that_was_given_up_counts_as_if_it_were_there() -> None:
    assert room_of(Space(GIB, 128 * MIB), owed=128 * MIB) is Room.FULL
    assert room_of(Space(GIB, 128 * MIB)) is Room.WARN
    assert room_of(Space(GIB, 512 * MIB), owed=128 * MIB) is Room.OK


@given(size=st.integers(1, 1 << 45), free=st.data(), owed=st.integers(0, 1 << 28))
def test_less_room_is_never_judged_as_more(size: int, free: st.DataObject, owed: int) -> None:
    less = free.draw(st.integers(0, size))
    more = free.draw(st.integers(less, size))
    assert room_of(Space(size, more), owed) <= room_of(Space(size, less), owed)


# the ballast


def test_a_look_makes_the_ballast_and_takes_its_room(tmp_path: Path) -> None:
    disk = Disk(tmp_path, 3 * MIB)
    assert disk.look()[0] is not Room.FULL
    found = (tmp_path / BALLAST_NAME).stat()
    assert found.st_size == 3 * MIB
    assert 3 * MIB <= found.st_blocks * 512 <= 3 * MIB + 64 * 1024


def test_a_ballast_of_another_size_is_made_anew(tmp_path: Path) -> None:
    Disk(tmp_path, MIB).look()
    Disk(tmp_path, 2 * MIB).look()
    assert (tmp_path / BALLAST_NAME).stat().st_size == 2 * MIB


def test_a_ballast_that_never_fits_leaves_nothing_behind_and_is_told(tmp_path: Path) -> None:
    disk = Disk(tmp_path, 4 * space_of(tmp_path).size)
    assert disk.look()[0] is Room.FULL
    assert list(tmp_path.iterdir()) == []


def test_without_a_ballast_nothing_is_held_back(tmp_path: Path) -> None:
    Disk(tmp_path, 0).look()
    assert list(tmp_path.iterdir()) == []


def test_an_error_is_of_a_full_disk_only_when_the_disk_is_full(tmp_path: Path) -> None:
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    broken = sqlite3.OperationalError("disk I/O error")
    broken.sqlite_errorcode = sqlite3.SQLITE_IOERR
    disk = Disk(tmp_path, 0)
    assert (disk.is_full(full), disk.is_full(broken)) == (True, False)
    assert list(tmp_path.iterdir()) == []


# what the floor may do meanwhile


@pytest.fixture
def short_of_room(picking: Bench) -> Bench:
    """Ana has PL-7 open, PL-8 and order O-1 wait, and the disk is nearly full."""
    picking.given_picklist("PL-8", line("SKU-1", 1))
    picking.given_order("O-1", line("SKU-1", 1))
    picking.store.accept_new_work(accepts=False)
    return picking


def test_open_work_is_finished_while_the_disk_is_nearly_full(short_of_room: Bench) -> None:
    bench = short_of_room
    for code in ("A-1", "SKU-1", "SKU-1", *["SKU-2"] * 6, "B-2", "SKU-3"):
        bench.scan(code)
    assert bench.complete().answer.code == "pick.completed"


def test_new_work_is_refused_in_words_while_the_disk_is_nearly_full(short_of_room: Bench) -> None:
    bench = short_of_room.at("pick-2")
    bench.signed_in()
    sentence = "PL-8 is not opened: the disk of this station is full. Finish what is open, and tell IT."
    bench.each_says(sentence, lambda: bench.scan("PL-8"), lambda: bench.open("PL-8"))
    assert [(fact.reason, fact.code) for fact in bench.facts(e.ScanRefused)] == [("work.no_room", "PL-8")]
    bench.at("pack-1").signed_in()
    sentence = "O-1 is not opened: the disk of this station is full. Finish what is open, and tell IT."
    bench.each_says(sentence, lambda: bench.scan("O-1"), lambda: bench.open("F-O-1"))


def test_what_is_wrong_with_the_work_itself_is_said_first(short_of_room: Bench) -> None:
    short_of_room.scan("PL-8")
    assert short_of_room.screen.code == "pick.other_open"
    short_of_room.at("pick-2").signed_in().scan("PL-404")
    assert short_of_room.screen.code == "pick.unknown"


def test_work_is_taken_again_once_there_is_room(short_of_room: Bench) -> None:
    short_of_room.store.accept_new_work(accepts=True)
    assert short_of_room.at("pick-2").signed_in().scan("PL-8").answer.code == "pick.opened"
