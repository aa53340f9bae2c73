"""Where a store may lie: which file systems keep what they promise, read from the kernel's list of mounts."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import NamedTuple

from local_store.database import StoreRefused

MOUNTS = Path("/proc/self/mountinfo")

NETWORK = frozenset(
    {
        "9p",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "glusterfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb3",
        "smbfs",
        "virtiofs",
    }
)
"""Their locks and flushes depend on another machine; SQLite warns of every one of them (reliability 1, S13)."""
MEMORY = frozenset({"ramfs", "tmpfs", "devtmpfs"})
NO_FLUSH = frozenset({"nobarrier", "barrier=0", "volatile", "nosync"})
"""Mount options with which a flush returns before the data is safe (`volatile`: overlay of a container)."""


class Keeps(Enum):
    """What a file system does with what it was told to keep."""

    ALL = "all"  # locks hold, and what was flushed survives the power
    UNTIL_POWER_IS_CUT = "until power is cut"  # good for trying out
    NOTHING_SURE = "nothing sure"  # locks or flushes are somebody else's: never a store


class Mount(NamedTuple):
    """The mount a folder lies on."""

    point: str
    kind: str
    """As the kernel calls it: `ext4`, `tmpfs`, `fuse.sshfs` …"""
    options: frozenset[str]

    @property
    def keeps(self) -> Keeps:
        """What it can be trusted with. `fuse.*` is a program's own idea of a disk; `fuseblk` is a local one."""
        if self.kind in NETWORK or self.kind == "fuse" or self.kind.startswith("fuse."):
            return Keeps.NOTHING_SURE
        if self.kind in MEMORY or self.options & NO_FLUSH:
            return Keeps.UNTIL_POWER_IS_CUT
        return Keeps.ALL


def mount_of(folder: Path, mounts: Path = MOUNTS) -> Mount:
    """The mount that `folder`, which exists, lies on; of several at one place the last one is seen."""
    real = folder.resolve()
    found = Mount("/", "unknown", frozenset())
    for line in mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        mount = _parse(line)
        if real.is_relative_to(mount.point) and len(mount.point) >= len(found.point):
            found = mount
    return found


def require_safe(folder: Path, *, lasting: bool, mounts: Path = MOUNTS) -> Mount:
    """The mount of `folder`. Raises StoreRefused where locks and flushes cannot be relied on.

    `lasting`: this is a station at work, so that memory is refused too; elsewhere it is good for trying out.
    """
    mount = mount_of(folder, mounts)
    if mount.keeps is Keeps.NOTHING_SURE:
        raise StoreRefused(
            f"{folder}: it lies on {mount.kind} (mounted at {mount.point}), which may lose facts that were answered "
            "with green. Put station.data_dir on a local disk."
        )
    if lasting and mount.kind in MEMORY:
        raise StoreRefused(
            f"{folder}: it lies in memory ({mount.kind}, mounted at {mount.point}), where facts are gone with the "
            "power. Put station.data_dir on a local disk."
        )
    return mount


def _parse(line: str) -> Mount:
    """`id parent major:minor root POINT OPTIONS [tags…] - KIND source SUPER-OPTIONS` (man 5 proc_pid_mountinfo)."""
    before, _, after = line.partition(" - ")
    point, options = before.split()[4:6]
    kind, _source, *more = after.split()
    return Mount(_unescaped(point), kind, frozenset([*options.split(","), *",".join(more).split(",")]))


def _unescaped(point: str) -> str:
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        point = point.replace(code, character)
    return point
