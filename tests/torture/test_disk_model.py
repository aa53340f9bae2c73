"""The model of the disk: what a power cut may leave, and what it may not."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from tests.support.shim import Call, Entry, Outcome
from tests.torture.disk_model import Disk, Image, Rules

A, B, FOLDER = "/store/a", "/store/b", "/store"
IMAGES = 400


def entry(call: Call, path: str = A, *, data: bytes = b"", at: int = 0, other: str = "") -> Entry:
    return Entry(call, Outcome.DONE, path, other, data, at)


CREATED = [entry(Call.CREATE), entry(Call.FSYNC, FOLDER)]


def images(entries: Iterable[Entry], rules: Rules = "strict") -> list[Image]:
    """Many of the disks that a power cut after these calls may leave."""
    disk = Disk(rules)
    for each in entries:
        disk.follow(each)
    return [disk.image(random.Random(seed)) for seed in range(IMAGES)]


def left(entries: Iterable[Entry], rules: Rules = "strict") -> set[bytes | None]:
    """What may be left of the file `a`; None when it is not there."""
    return {image.get(A) for image in images(entries, rules)}


def test_what_was_flushed_is_always_there() -> None:
    written = [*CREATED, entry(Call.WRITE, data=b"x" * 5000), entry(Call.FDATASYNC)]
    assert left(written) == {b"x" * 5000}


def test_what_was_not_flushed_may_be_there_or_not() -> None:
    assert left([*CREATED, entry(Call.WRITE, data=b"x")]) == {b"", b"x"}


@pytest.mark.parametrize(("grain", "piece"), [(512, b"x" * 512), (4096, b"x" * 4096)])
def test_a_write_may_be_torn_at_sectors_and_at_pages(grain: int, piece: bytes) -> None:
    found = left([*CREATED, entry(Call.WRITE, data=b"x" * 8192)])
    assert bytes(grain) + piece in {each[: 2 * grain] for each in found if each}
    assert all(len(set(each[at : at + 512])) == 1 for each in found if each for at in range(0, len(each), 512))


def test_of_two_writes_to_one_place_the_older_one_may_be_what_is_left() -> None:
    twice = [*CREATED, entry(Call.WRITE, data=b"1"), entry(Call.PWRITE, data=b"2")]
    assert left(twice) == {b"", b"1", b"2"}


def test_a_new_name_is_sure_once_its_folder_was_flushed_and_by_strict_rules_not_before() -> None:
    made = [entry(Call.CREATE), entry(Call.WRITE, data=b"x"), entry(Call.FSYNC)]
    assert left(made) == {None, b"x"}
    assert left(made, "ext4") == {b"x"}
    assert left([*made, entry(Call.FSYNC, FOLDER)]) == {b"x"}


def test_a_rename_may_be_lost_until_the_folder_was_flushed_and_never_leaves_neither_name() -> None:
    renamed = [*CREATED, entry(Call.RENAME, other=B)]
    assert {tuple(sorted(image)) for image in images(renamed)} == {(A,), (B,)}
    assert {tuple(image) for image in images([*renamed, entry(Call.FSYNC, FOLDER)])} == {(B,)}


def test_a_removed_file_may_come_back_until_the_folder_was_flushed() -> None:
    removed = [*CREATED, entry(Call.WRITE, data=b"x"), entry(Call.FSYNC), entry(Call.UNLINK)]
    assert left(removed) == {b"x", None}
    assert left([*removed, entry(Call.FSYNC, FOLDER)]) == {None}


def test_a_truncation_is_sure_once_the_file_was_flushed() -> None:
    cut = [*CREATED, entry(Call.WRITE, data=b"xyz"), entry(Call.FSYNC), entry(Call.TRUNCATE, at=1)]
    assert left(cut) == {b"xyz", b"x"}
    assert left([*cut, entry(Call.FDATASYNC)]) == {b"x"}


def test_ext4_keeps_the_order_of_names() -> None:
    both = [entry(Call.CREATE), entry(Call.CREATE, B)]
    assert {tuple(sorted(image)) for image in images(both)} == {(), (A,), (B,), (A, B)}
    assert {tuple(sorted(image)) for image in images(both, "ext4")} == {(), (A,), (A, B)}


@pytest.mark.parametrize(
    ("spoil", "later"),
    [(Outcome.LIED, {b"x"}), (Outcome.FAILED, {b"", b"x"})],
)
def test_a_flush_that_lied_is_made_good_by_the_next_and_one_that_failed_never(
    spoil: Outcome, later: set[bytes]
) -> None:
    written = [*CREATED, entry(Call.WRITE, data=b"x"), entry(Call.FDATASYNC)._replace(outcome=spoil)]
    assert left(written) == {b"", b"x"}
    assert left([*written, entry(Call.FDATASYNC)]) == later


def test_what_a_failed_flush_gave_up_is_sure_once_it_was_written_anew_and_flushed() -> None:
    failed = entry(Call.FDATASYNC)._replace(outcome=Outcome.FAILED)
    anew = [entry(Call.PWRITE, data=b"new", at=2), entry(Call.FDATASYNC)]
    found = left([*CREATED, entry(Call.WRITE, data=b"oldoldold"), failed, *anew])
    assert found == {b"\0\0new", b"olnew", b"\0\0newdold", b"olnewdold"}


@pytest.mark.parametrize("rules", ["strict", "ext4"])
def test_a_size_whose_flush_failed_is_made_durable_by_the_next_and_takes_nothing_that_was_written_since(
    rules: Rules,
) -> None:
    failed = entry(Call.FDATASYNC)._replace(outcome=Outcome.FAILED)
    cut = [*CREATED, entry(Call.WRITE, data=b"xyz"), entry(Call.FSYNC), entry(Call.TRUNCATE, at=1), failed]
    anew = [entry(Call.PWRITE, data=b"abc", at=1), entry(Call.FDATASYNC)]
    assert left([*cut, *anew], rules) == {b"xabc"}


@pytest.mark.parametrize("rules", ["strict", "ext4"])
def test_the_same_seed_gives_the_same_image(rules: Rules) -> None:
    written = [*CREATED, entry(Call.WRITE, data=bytes(range(256)) * 40)]
    assert images(written, rules) == images(written, rules)
