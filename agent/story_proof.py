"""The story of one parcel as a file that proves itself: its journal rows, how they are chained, and a signature.

Each row carries its hash, which covers the hash of the row before it. Between two rows of the story lie rows about
other work: of them the proof holds how many they are and one digest of their hashes, so that it tells nothing of
their customers and still fixes their place. The signature covers numbers and hashes of all rows, and these digests.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from config import durable_file
from local_store import journal, story
from local_store.clock import timestamp
from local_store.journal import Row

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_FILE = "proof.key"
FORMAT: Literal["edge-proof-1"] = "edge-proof-1"
MAX_FILE_BYTES = 32 * 1024 * 1024
"""A proof of the longest story that is told is smaller."""

Hex32 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Hex16 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class NoProof(Exception):  # noqa: N818 -- a refusal in words
    """There is no such story, or a file is no proof."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ProofRow(_Part):
    """A journal row in full, see `journal.Row`; ids and hashes in hexadecimal."""

    seq: int = Field(ge=1)
    epoch_id: str
    event_id: Hex16
    command_id: Hex16
    kind: str
    version: int
    actor: str | None
    station: str
    correlation_id: str | None
    wall_ms: int
    wall_quality: str
    mono_ms: int
    body: str
    prev_hash: Hex32
    hash: Hex32


class Link(_Part):
    """The rows between two rows of the story: how many, and the SHA-256 of their hashes one after the other."""

    first_seq: int
    last_seq: int
    digest: Hex32


class Told(_Part):
    """Number and hash of a row of the story."""

    seq: int
    hash: Hex32


class Statement(_Part):
    """What is signed. `head` is the end of the journal when the proof was made."""

    format: Literal["edge-proof-1"]
    station: str
    thing: str
    id: str
    made_at: str
    complete: bool
    head: Told
    rows: tuple[Told, ...]
    links: tuple[Link, ...]
    public_key: Hex32


class Proof(_Part):
    """The whole file."""

    statement: Statement
    rows: tuple[ProofRow, ...]
    signature: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")]


class Verdict(NamedTuple):
    """What is wrong, one sentence each and where; none where the proof holds. `key` is who signed, in hexadecimal."""

    faults: tuple[str, ...]
    rows: int
    key: str


def make(db: sqlite3.Connection, package_id: str, station: str, folder: Path, wall_ms: int) -> str:
    """The proof of a parcel's story as JSON text. Raises NoProof, and JournalDamaged where a row is not sound."""
    told = story.of(db, "package", package_id)
    if not told.rows:
        raise NoProof(f"There is no package {package_id[:60]!r} on this station.")
    for row in told.rows:
        journal.check(row)
    key = _key(folder)
    head = journal.head_of(db)
    statement = Statement(
        format=FORMAT,
        station=station,
        thing="package",
        id=package_id,
        made_at=timestamp(wall_ms),
        complete=told.complete,
        head=Told(seq=head.seq, hash=head.hash.hex()),
        rows=tuple(Told(seq=row.seq, hash=row.hash.hex()) for row in told.rows),
        links=tuple(_links(db, told.rows)),
        public_key=key.public_key().public_bytes_raw().hex(),
    )
    rows = tuple(_proof_row(row) for row in told.rows)
    return Proof(statement=statement, rows=rows, signature=key.sign(_signed(statement)).hex()).model_dump_json(
        indent=1
    )


def verify(text: str, key: str | None = None) -> Verdict:
    """Look at every row, every link and the signature of a proof.

    `key` is the public key the station is known by; without it only the key in the file can be tried, so anybody
    could have made the whole of it. Raises NoProof for what is no proof at all.
    """
    try:
        proof = Proof.model_validate_json(text)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(map(str, fault["loc"])) or "the file"
        raise NoProof(f"{where} was changed, or this is no proof: {fault['msg']}.") from None
    faults = [*_wrong_rows(proof), *_wrong_links(proof.statement), *_wrong_signature(proof, key)]
    return Verdict(tuple(faults), len(proof.rows), proof.statement.public_key)


def public_key(folder: Path) -> str:
    """The key by which this station's proofs are known, in hexadecimal; made at first use."""
    return _key(folder).public_key().public_bytes_raw().hex()


def _links(db: sqlite3.Connection, rows: Sequence[Row]) -> Iterator[Link]:
    for before, after in itertools.pairwise(rows):
        if after.seq == before.seq + 1:
            continue
        digest = hashlib.sha256()
        for (row_hash,) in db.execute(
            "SELECT hash FROM journal WHERE seq > ? AND seq < ? ORDER BY seq", (before.seq, after.seq)
        ):
            digest.update(row_hash)
        yield Link(first_seq=before.seq + 1, last_seq=after.seq - 1, digest=digest.hexdigest())


def _proof_row(row: Row) -> ProofRow:
    told = {name: value.hex() if isinstance(value, bytes) else value for name, value in row._asdict().items()}
    return ProofRow.model_validate(told)


def _signed(statement: Statement) -> bytes:
    """The bytes under the signature: the statement as JSON with sorted members."""
    return json.dumps(statement.model_dump(mode="json"), sort_keys=True, separators=(",", ":")).encode()


def _wrong_rows(proof: Proof) -> Iterator[str]:
    wanted = {told.seq: told.hash for told in proof.statement.rows}
    given = {row.seq: row for row in proof.rows}
    if len(given) != len(proof.rows):
        yield "A row stands in the proof twice."
    for seq in sorted(wanted.keys() - given.keys()):
        yield f"Row {seq} was removed."
    before: ProofRow | None = None
    for seq in sorted(given):
        row = given[seq]
        if seq not in wanted:
            yield f"Row {seq} ({row.kind}) was added: the station did not sign it."
        elif not _is_sound(row):
            yield f"Row {seq} ({row.kind}) was changed: its hash does not fit what it says."
        elif row.hash != wanted[seq]:
            yield f"Row {seq} ({row.kind}) is another one than the station signed."
        if before is not None and before.seq + 1 == seq and row.prev_hash != before.hash:
            yield f"Row {seq} ({row.kind}) does not follow row {before.seq}."
        before = row


def _is_sound(row: ProofRow) -> bool:
    names = ("event_id", "command_id", "prev_hash", "hash")
    members = row.model_dump().items()
    values: list[Any] = [bytes.fromhex(value) if name in names else value for name, value in members]
    return journal.is_sound(Row._make(values))


def _wrong_links(statement: Statement) -> Iterator[str]:
    seqs = [told.seq for told in statement.rows]
    gaps = [(one + 1, other - 1) for one, other in itertools.pairwise(seqs) if other != one + 1]
    told = [(link.first_seq, link.last_seq) for link in statement.links]
    for first, last in gaps:
        if (first, last) not in told:
            yield f"The link over rows {first} to {last} is missing."
    for first, last in told:
        if (first, last) not in gaps:
            yield f"The link over rows {first} to {last} does not fit the rows beside it."


def _wrong_signature(proof: Proof, key: str | None) -> Iterator[str]:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 -- only who makes or checks a proof needs it
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    named = proof.statement.public_key
    if key is not None and key.strip().lower() != named:
        yield f"It was signed by another key ({named[:16]}…) than the one that was asked for."
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(named)).verify(
            bytes.fromhex(proof.signature), _signed(proof.statement)
        )
    except (InvalidSignature, ValueError):
        yield "The statement (its rows and links, what it is of, when it was made) or its signature was changed."


def _key(folder: Path) -> Ed25519PrivateKey:
    """The station's signing key, in a file only its user can read."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    path = folder / KEY_FILE
    if not path.exists():
        durable_file.write(path, Ed25519PrivateKey.generate().private_bytes_raw().hex())
    if path.stat().st_mode & 0o077:
        raise NoProof(f"{path}: others can read this key. `chmod 600 {path}`, and think of it as known to them.")
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii").strip()))
    except ValueError as error:
        raise NoProof(
            f"{path}: this is no key ({error}). Take it away; a new one is made, and older proofs keep theirs."
        ) from None
