"""One transaction of the writer: facts, views, promises, spool and receipt become true together or not at all."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import to_json

from local_store import (
    announced,
    attempts,
    counts,
    files,
    journal,
    numbers,
    outbox,
    parties,
    projections,
    reviewing,
    spool,
    works,
)
from local_store.checks import LOST_FINGERPRINT, check_crc, crc, damaged
from local_store.domain import deciding, goods, linking, people
from local_store.domain.commands import (
    Command,
    DecideException,
    FloorCommand,
    GoodsCommand,
    HqRef,
    LinkCode,
    ReceiveCarrierLabel,
    ReceiveCartons,
    ReceiveInbound,
    ReceiveProducts,
    ReceiveWork,
    Scan,
    SeeWork,
    UnlinkCode,
    WorkerCommand,
)
from local_store.domain.events import Fact, HqRefLearned, ProductReceived, WorkerSignedIn
from local_store.domain.floor import Decision
from local_store.domain.site import Site, Worker
from local_store.domain.words import Answer, Tone, in_language, say
from local_store.journal import Head, Recorded, Stamp
from local_store.loading import load_floor, load_link, load_product
from local_store.loading_packs import are_new_cartons
from local_store.remembered import Remembered


class CommandReused(Exception):  # noqa: N818 -- the caller made two commands with one id
    """A command id came again with other contents; nothing was done. HTTP 422."""


class Receipt(NamedTuple):
    """The answer to a command, as kept with its facts: a repeat gets just this."""

    command_id: UUID
    answer: Answer
    first_seq: int | None
    last_seq: int | None
    repeated: bool = False

    @property
    def refused(self) -> bool:
        """Whether nothing was done."""
        return self.answer.tone is Tone.REFUSED or self.answer.tone is Tone.ASK


class Transaction:
    """One transaction of the writer, shared by all work that waited at the same moment.

    Rows that hardly anything in the same transaction reads (journal, promises, receipts, counts) are collected and
    written together, which is much cheaper than one by one; `connection` writes them first, so whoever uses it sees
    everything.
    Whoever uses it leaves the projections alone: while the agent runs they change by `append` only, or what is
    remembered of them would no longer be true.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        site: Site,
        stamp: Stamp,
        head: Head,
        remembered: Remembered,
        new_id: Callable[[], bytes],
    ) -> None:
        self.site, self.head, self.remembered = site, head, remembered
        self.wall_ms, self.mono_ms, self.epoch = stamp.wall_ms, stamp.mono_ms, stamp.epoch
        self.recorded: list[Recorded] = []
        self._db, self._stamp, self._new_id = connection, stamp, new_id
        self._later: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self._receipts: dict[bytes, tuple[Any, ...]] = {}

    @property
    def connection(self) -> sqlite3.Connection:
        """The writing connection, with everything written that this transaction made so far."""
        if self._later or self._receipts:
            self.write_out()
        return self._db

    def write_out(self) -> None:
        """Write the collected rows; the writer does so before it commits."""
        cursor = self._db.cursor()
        for statement, rows in self._later.items():
            cursor.executemany(statement, rows)
        self._later.clear()
        if self._receipts:
            cursor.executemany("INSERT INTO receipt VALUES (?,?,?,?,?,?,?)", self._receipts.values())
            self._receipts.clear()

    def append(
        self,
        fact: Fact,
        *,
        command_id: bytes | None = None,
        actor: str | None = None,
        correlation_id: str | None = None,
        source: str | None = None,
        event_id: bytes | None = None,
    ) -> int:
        """The only way a fact enters the system: journal, views, promises and spool at once. Returns its seq.

        `event_id` is given only for a fact that had its id before it came here.
        """
        event_id = event_id or self._new_id()
        ids = (event_id, command_id or event_id)
        self.head, row = journal.next_row(self.head, self._stamp, fact, ids, actor, correlation_id)
        seq = self.head.seq
        self._later[journal.INSERT].append(row)
        if promises := outbox.promises(seq, fact, self.site.lanes, source):
            self._later[outbox.INSERT] += promises
        self._follow(seq, fact)
        self.recorded.append(Recorded(seq, fact, self.wall_ms, actor, event_id))
        return seq

    def execute(self, command: Command) -> Receipt:
        """Decide a command once. Raises CommandReused."""
        key, fingerprint = command.command_id.bytes, _fingerprint(command)
        known = self._receipt(command, key, fingerprint)
        if known is not None:
            return known
        before, language = self.head.seq, self._language(command)
        answer = in_language(self._answer(command, key), language)
        first = before + 1 if self.head.seq > before else None
        receipt = Receipt(command.command_id, answer, first, self.head.seq if first else None)
        status = "refused" if receipt.refused else "done"
        told = to_json({"tone": answer.tone.value, "code": answer.code, "text": answer.text}).decode()
        row = (key, fingerprint, status, told, receipt.first_seq, receipt.last_seq)
        self._receipts[key] = (*row, crc(*row))
        self.remembered.highest_command = max(key, self.remembered.highest_command or b"")
        return receipt

    def known(self, command: Command) -> Receipt | None:
        """The receipt of a command that was decided before. Raises CommandReused."""
        return self._receipt(command, command.command_id.bytes, _fingerprint(command))

    def _follow(self, seq: int, fact: Fact) -> None:
        writes = counts.writes(seq, fact)
        if writes is not None:
            for statement, values in writes:
                self._later[statement].append(values)
        else:
            projections.apply(self.connection, seq, fact)
            spool.follow(self.connection, seq, fact, self.wall_ms)
            numbers.follow(self.connection, fact, self.wall_ms)
            files.follow(self.connection, self.site.label_lanes, fact)
            attempts.follow(self.connection, fact)
        self.remembered.follow(fact)

    def _receipt(self, command: Command, key: bytes, fingerprint: bytes) -> Receipt | None:
        row = self._receipts.get(key) or self._kept_receipt(key)
        if row is None:
            return None
        *members, checksum = row
        what = f"the answer to command {command.command_id}"
        check_crc(checksum, what, *members)
        if members[0] != key:  # a page in another's place gives another row than the one that was asked for
            raise damaged(what)
        _, told_fingerprint, _, answer, first_seq, last_seq = members
        if told_fingerprint not in {fingerprint, LOST_FINGERPRINT}:
            raise CommandReused(
                f"command {command.command_id} was already answered for other contents; give every act its own id"
            )
        told = json.loads(answer)
        first_answer = Answer(Tone(told["tone"]), told["code"], told["text"])
        return Receipt(command.command_id, first_answer, first_seq, last_seq, repeated=True)

    def _kept_receipt(self, key: bytes) -> tuple[Any, ...] | None:
        """Ids grow with time, so most are above every id there is: then nothing need be read."""
        if self.remembered.highest_command is None:
            (highest,) = self._db.execute("SELECT max(command_id) FROM receipt").fetchone()
            self.remembered.highest_command = highest or b""
        if key > self.remembered.highest_command:
            return None
        row: tuple[Any, ...] | None = self._db.execute(
            "SELECT * FROM receipt WHERE command_id = ?", (key,)
        ).fetchone()
        return row

    def language_at(self, workplace: str | None) -> str:
        """What is spoken at a workplace: the language of who is signed in there."""
        if self.site.is_english:
            return "en"
        worker_id = self.remembered.place(self, workplace).worker_id if workplace else None
        return self.site.language_of(self.site.workers.get(worker_id or ""))

    def _language(self, command: Command) -> str:
        """The language of whoever acts; who scans a badge is answered in their own."""
        if self.site.is_english:
            return "en"
        acting = self._acting(command)
        return self.site.language_of(acting) if acting else self.language_at(getattr(command, "workplace", None))

    def _acting(self, command: Command) -> Worker | None:
        """Who acts by what the command itself says."""
        match command:
            case Scan():
                return self.site.worker_by_badge(command.code.strip())
            case DecideException() | GoodsCommand() | LinkCode() | UnlinkCode():
                return self.site.worker_by_badge(command.badge)
            case WorkerCommand():
                return self.site.workers.get(command.worker_id or "")
        return None

    def _answer(self, command: Command, command_id: bytes) -> Answer:
        if isinstance(command, FloorCommand):
            return self._floor(command, command_id)
        if isinstance(command, DecideException | GoodsCommand | LinkCode | UnlinkCode):
            over = people.ended(self.site, self.site.worker_by_badge(command.badge))
            if over is not None:
                return over
        if isinstance(command, WorkerCommand):
            return self._act(command, command_id)
        if isinstance(command, LinkCode | UnlinkCode):
            return self._linked(command, command_id)
        if isinstance(command, DecideException):
            return self._decided(command, command_id)
        if isinstance(command, SeeWork):
            return self._seen(command, command_id)
        if isinstance(command, GoodsCommand):
            return self._goods(command, command_id)
        if isinstance(command, ReceiveCarrierLabel):
            return self._append_all(files.take_label(self, command), command_id)
        return self._received(command)

    def _act(self, command: WorkerCommand, command_id: bytes) -> Answer:
        place = self.remembered.place(self, command.workplace) if command.workplace else None
        by = people.who(self.site, place, command)
        if isinstance(by, Answer):
            return by
        load, decide = works.ACTS[type(command)]
        decision = decide(self.site, by, load(self, command), command)
        return self._append_all(decision, command_id, by.worker.worker_id)

    def _goods(self, command: GoodsCommand, command_id: bytes) -> Answer:
        known = {sku for sku in set(goods.skus_of(command)) if load_product(self, sku) is not None}
        who = self.site.worker_by_badge(command.badge)
        return self._append_all(goods.decide(self.site, command, known), command_id, who.worker_id if who else None)

    def _decided(self, command: DecideException, command_id: bytes) -> Answer:
        decision = reviewing.decide(self.connection, self.site, command)
        who = self.site.worker_by_badge(command.badge)
        return self._append_all(decision, command_id, who.worker_id if who else None)

    def _seen(self, command: SeeWork, command_id: bytes) -> Answer:
        """What HQ says of work now, compared with what is here at this moment."""
        found = reviewing.review(self.connection, command)
        for fact in found.facts:
            self.append(fact, command_id=command_id)
        if found.address and command.party is not None:
            parties.replace(self.connection, command.party)
        return say("work.received")

    def _append_all(self, decision: Decision, command_id: bytes, actor: str | None = None) -> Answer:
        for fact in decision.facts:
            self.append(fact, command_id=command_id, actor=actor, source=decision.source)
        return decision.answer

    def _linked(self, command: LinkCode | UnlinkCode, command_id: bytes) -> Answer:
        meant, known = load_link(self, command)
        if isinstance(command, LinkCode):
            decision = linking.link(self.site, command, meant, load_product(self, command.sku), known)
        else:
            decision = linking.unlink(self.site, command, known)
        who = self.site.worker_by_badge(command.badge)
        return self._append_all(decision, command_id, who.worker_id if who else None)

    def _floor(self, command: FloorCommand, command_id: bytes) -> Answer:
        floor = load_floor(self, command)
        decision: Decision = deciding.decide(self.site, floor, command)
        actor = floor.place.worker_id
        for fact in decision.facts:
            if isinstance(fact, WorkerSignedIn):
                actor = fact.worker_id
            self.append(fact, command_id=command_id, actor=actor, source=decision.source)
        return decision.answer

    def _received(self, command: Command) -> Answer:
        """Work, products and announcements from HQ. What is here already stays as hands left it."""
        if isinstance(command, ReceiveProducts):
            self._learn(command.refs, command.command_id.bytes)
            for product in command.products:
                if not self._same_product(product):
                    self.append(product, command_id=command.command_id.bytes)
        elif isinstance(command, ReceiveWork):
            self._learn(command.refs, command.command_id.bytes)
            self._receive_work(command)
        elif isinstance(command, ReceiveInbound):
            self._learn(command.refs, command.command_id.bytes)
            for fact in command.announced:
                if announced.is_news(self.connection, fact):
                    self.append(fact, command_id=command.command_id.bytes)
        elif isinstance(command, ReceiveCartons) and are_new_cartons(self.connection, command.told):
            self.append(command.told, command_id=command.command_id.bytes)
        return say("work.received")

    def _receive_work(self, command: ReceiveWork) -> None:
        if command.picklist and self._known("picklist", "picklist_id", command.picklist.picklist_id):
            return
        for party in command.parties:
            parties.keep(self.connection, party)
        for fulfillment in command.fulfillments:
            if not self._known("fulfillment", "fulfillment_id", fulfillment.fulfillment_id):
                self.append(fulfillment, command_id=command.command_id.bytes)
        if command.picklist is not None:
            self.append(command.picklist, command_id=command.command_id.bytes)

    def _learn(self, refs: tuple[HqRef, ...], command_id: bytes) -> None:
        """What an HQ calls things, where that is new."""
        for ref in refs:
            if outbox.hq_ref(self.connection, ref.lane, ref.thing, ref.local_id) != ref.hq_id:
                fact = HqRefLearned(lane=ref.lane, thing=ref.thing, local_id=ref.local_id, hq_id=ref.hq_id)
                self.append(fact, command_id=command_id)

    def _known(self, table: str, column: str, value: str) -> bool:
        row = self.connection.execute(f"SELECT 1 FROM {table} WHERE {column} = ?", (value,))  # noqa: S608 -- ours
        return row.fetchone() is not None

    def _same_product(self, product: ProductReceived) -> bool:
        row = self.connection.execute("SELECT digest FROM product WHERE sku = ?", (product.sku,)).fetchone()
        return row is not None and row[0] == journal.fact_digest(product)


def _fingerprint(command: Command) -> bytes:
    told = command.__pydantic_serializer__.to_json(command, exclude={"command_id", *command.observed})
    return hashlib.sha256(command.kind.encode() + told).digest()
