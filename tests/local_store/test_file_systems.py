"""Where a store may lie: local disks, and memory only to try things out."""

from __future__ import annotations

from pathlib import Path

import pytest

from local_store.database import StoreRefused
from local_store.file_systems import Keeps, mount_of, require_safe

LINE = "36 25 0:30 / {point} rw,relatime{options} shared:1 - {kind} source rw{more}\n"


def mounts(tmp_path: Path, kind: str, point: str | None = None, options: str = "", more: str = "") -> Path:
    """A kernel's list of mounts in which `tmp_path` (or `point`) is of this kind, below an ext4 root."""
    listed = tmp_path / "mountinfo"
    root = LINE.format(point="/", kind="ext4", options="", more="")
    listed.write_text(root + LINE.format(point=point or tmp_path, kind=kind, options=options, more=more))
    return listed


@pytest.mark.parametrize(
    "kind", ["ext4", "xfs", "btrfs", "f2fs", "zfs", "overlay", "fuseblk", "vfat", "something-new"]
)
def test_a_local_disk_keeps_everything(tmp_path: Path, kind: str) -> None:
    assert require_safe(tmp_path, lasting=True, mounts=mounts(tmp_path, kind)).keeps is Keeps.ALL


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "glusterfs", "fuse", "fuse.sshfs"])
@pytest.mark.parametrize("lasting", [True, False])
def test_a_disk_of_another_machine_is_refused_always(tmp_path: Path, kind: str, lasting: bool) -> None:  # noqa: FBT001
    with pytest.raises(StoreRefused) as refused:
        require_safe(tmp_path, lasting=lasting, mounts=mounts(tmp_path, kind))
    assert str(refused.value) == (
        f"{tmp_path}: it lies on {kind} (mounted at {tmp_path}), which may lose facts that were answered with green. "
        "Put station.data_dir on a local disk."
    )


@pytest.mark.parametrize("kind", ["tmpfs", "ramfs"])
def test_memory_is_refused_at_work_and_good_for_trying_out(tmp_path: Path, kind: str) -> None:
    listed = mounts(tmp_path, kind)
    with pytest.raises(StoreRefused, match=rf"it lies in memory \({kind}, .*facts are gone with the power"):
        require_safe(tmp_path, lasting=True, mounts=listed)
    assert require_safe(tmp_path, lasting=False, mounts=listed).keeps is Keeps.UNTIL_POWER_IS_CUT


@pytest.mark.parametrize(("kind", "more"), [("ext4", ",nobarrier"), ("ext3", ",barrier=0"), ("overlay", ",volatile")])
def test_a_disk_whose_flushes_are_switched_off_is_told(tmp_path: Path, kind: str, more: str) -> None:
    listed = mounts(tmp_path, kind, more=more)
    assert require_safe(tmp_path, lasting=True, mounts=listed).keeps is Keeps.UNTIL_POWER_IS_CUT


def test_the_innermost_mount_counts_and_of_two_at_one_place_the_later(tmp_path: Path) -> None:
    listed = tmp_path / "mountinfo"
    points = [
        ("/", "ext4"),
        (tmp_path, "nfs"),
        (tmp_path / "data", "xfs"),
        (f"{tmp_path}/dat", "9p"),
        (tmp_path, "ext4"),
    ]
    listed.write_text("".join(LINE.format(point=point, kind=kind, options="", more="") for point, kind in points))
    assert mount_of(tmp_path / "data" / "deep", listed).kind == "xfs"
    assert mount_of(tmp_path / "other", listed).kind == "ext4"


def test_a_name_with_a_blank_is_read_as_the_kernel_writes_it(tmp_path: Path) -> None:
    folder = tmp_path / "my data"
    listed = mounts(tmp_path, "nfs", point=str(folder).replace(" ", "\\040"))
    assert mount_of(folder, listed).point == str(folder)


def test_this_machines_own_list_can_be_read(tmp_path: Path) -> None:
    assert mount_of(tmp_path).kind != "unknown"
