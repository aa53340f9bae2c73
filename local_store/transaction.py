"""One transaction of the writer: facts, views, promises, spool and receipt become true together or not at all."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from local_store import journal, outbox, projections, spool
from local_store.domain.commands import Command, FloorCommand, Party, ReceiveProducts, ReceiveWork
from local_store.domain.deciding import decide
from local_store.domain.events import Fact, ProductReceived, WorkerSignedIn
from local_store.domain.floor import Decision
from local_store.domain.site import Site
from local_store.domain.words import Answer, Tone, say
from local_store.journal import Head, Recorded, Stamp
from local_store.loading import load_floor


class CommandReused(Exception):  # noqa: N818 -- the caller made two commands with one id
    """A command id came again with other contents; nothing was done. HTTP 422."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a command, as kept with its facts: a repeat gets just this."""

    command_id: UUID
    answer: Answer
    first_seq: int | None
    last_seq: int | None
    repeated: bool = False

    @property
    def refused(self) -> bool:
        """Whether nothing was done."""
        return self.answer.tone in {Tone.REFUSED, Tone.ASK}


class Transaction:
    """One transaction of the writer, shared by all work that waited at the same moment.

    Rows that nothing in the same transaction reads (journal, promises, receipts) are collected and written together,
    which is much cheaper than one by one; `connection` writes them first, so whoever uses it sees everything.
    """

    def __init__(
        self, connection: sqlite3.Connection, site: Site, stamp: Stamp, head: Head, new_id: Callable[[], bytes]
    ) -> None:
        self.site, self.head = site, head
        self.wall_ms, self.epoch = stamp.wall_ms, stamp.epoch
        self.recorded: list[Recorded] = []
        self._db, self._stamp, self._new_id = connection, stamp, new_id
        self._journal: list[tuple[Any, ...]] = []
        self._outbox: list[tuple[Any, ...]] = []
        self._receipts: dict[bytes, tuple[Any, ...]] = {}

    @property
    def connection(self) -> sqlite3.Connection:
        """The writing connection, with everything written that this transaction made so far."""
        self.write_out()
        return self._db

    def write_out(self) -> None:
        """Write the collected rows; the writer does so before it commits."""
        if self._journal:
            self._db.executemany(journal.INSERT, self._journal)
            self._db.executemany(outbox.INSERT, self._outbox)
        if self._receipts:
            self._db.executemany("INSERT INTO receipt VALUES (?,?,?,?,?,?)", self._receipts.values())
        self._journal, self._outbox, self._receipts = [], [], {}

    def append(
        self,
        fact: Fact,
        *,
        command_id: bytes | None = None,
        actor: str | None = None,
        correlation_id: str | None = None,
        source: str | None = None,
    ) -> int:
        """The only way a fact enters the system: journal, views, promises and spool at once. Returns its seq."""
        event_id = self._new_id()
        ids = (event_id, command_id or event_id)
        self.head, row = journal.next_row(self.head, self._stamp, fact, ids, actor, correlation_id)
        seq = self.head.seq
        self._journal.append(row)
        self._outbox += outbox.promises(seq, fact, self.site.lanes, source)
        projections.apply(self._db, seq, fact)
        spool.follow(self._db, seq, fact, self.wall_ms)
        self.recorded.append(Recorded(seq, fact, self.wall_ms, actor))
        return seq

    def execute(self, command: Command) -> Receipt:
        """Decide a command once. Raises CommandReused."""
        fingerprint = _fingerprint(command)
        known = self._receipt(command, fingerprint)
        if known is not None:
            return known
        before = self.head.seq
        answer = self._floor(command) if isinstance(command, FloorCommand) else self._received(command)
        first = before + 1 if self.head.seq > before else None
        receipt = Receipt(command.command_id, answer, first, self.head.seq if first else None)
        self._receipts[command.command_id.bytes] = (
            command.command_id.bytes,
            fingerprint,
            "refused" if receipt.refused else "done",
            answer.model_dump_json(),
            receipt.first_seq,
            receipt.last_seq,
        )
        return receipt

    def known(self, command: Command) -> Receipt | None:
        """The receipt of a command that was decided before. Raises CommandReused."""
        return self._receipt(command, _fingerprint(command))

    def _receipt(self, command: Command, fingerprint: bytes) -> Receipt | None:
        key = command.command_id.bytes
        row = (
            self._receipts.get(key)
            or self._db.execute("SELECT * FROM receipt WHERE command_id = ?", (key,)).fetchone()
        )
        if row is None:
            return None
        _, told_fingerprint, _, answer, first_seq, last_seq = row
        if told_fingerprint != fingerprint:
            raise CommandReused(
                f"command {command.command_id} was already answered for other contents; give every act its own id"
            )
        return Receipt(command.command_id, Answer.model_validate_json(answer), first_seq, last_seq, repeated=True)

    def _floor(self, command: FloorCommand) -> Answer:
        floor = load_floor(self._db, self.site, command)
        decision: Decision = decide(self.site, floor, command)
        actor = floor.place.worker_id
        for fact in decision.facts:
            if isinstance(fact, WorkerSignedIn):
                actor = fact.worker_id
            self.append(fact, command_id=command.command_id.bytes, actor=actor, source=decision.source)
        return decision.answer

    def _received(self, command: Command) -> Answer:
        """Work and products from HQ. What is here already stays as hands left it."""
        if isinstance(command, ReceiveProducts):
            for product in command.products:
                if not self._same_product(product):
                    self.append(product, command_id=command.command_id.bytes)
        elif isinstance(command, ReceiveWork):
            if command.picklist and self._known("picklist", "picklist_id", command.picklist.picklist_id):
                return say("work.received")
            for party in command.parties:
                self._keep_party(party)
            for fulfillment in command.fulfillments:
                if not self._known("fulfillment", "fulfillment_id", fulfillment.fulfillment_id):
                    self.append(fulfillment, command_id=command.command_id.bytes)
            if command.picklist is not None:
                self.append(command.picklist, command_id=command.command_id.bytes)
        return say("work.received")

    def _known(self, table: str, column: str, value: str) -> bool:
        row = self._db.execute(f"SELECT 1 FROM {table} WHERE {column} = ?", (value,))  # noqa: S608 -- ours
        return row.fetchone() is not None

    def _same_product(self, product: ProductReceived) -> bool:
        row = self._db.execute("SELECT digest FROM product WHERE sku = ?", (product.sku,)).fetchone()
        return row is not None and row[0] == projections.digest(product)

    def _keep_party(self, party: Party) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO party VALUES (?,?,?)",
            (party.party_id, party.name, json.dumps(party.address, ensure_ascii=False)),
        )


def _fingerprint(command: Command) -> bytes:
    text = command.kind + command.model_dump_json(exclude={"command_id", *command.observed})
    return hashlib.sha256(text.encode()).digest()
