"""Who acts, and who allowed it; how long a wrong PIN makes wait. Pure."""

from __future__ import annotations

from typing import NamedTuple

from local_store.domain.commands import RegisterDevice, UnlockPin, WorkerCommand
from local_store.domain.events import DeviceRegistered, PinUnlocked
from local_store.domain.floor import Decision, Place
from local_store.domain.meaning import shown
from local_store.domain.site import Site, Worker
from local_store.domain.words import Answer, either, say, word

APPROVES = "supervisor"
"""The role of a second person who allows what the first may not do alone."""

FREE_FAILURES = 5
"""So many wrong PINs in a row make nobody wait; after that each wait is twice the last."""
FIRST_WAIT_MS = 30_000
LONGEST_WAIT_MS = 3_600_000
MOST_FAILURES = 100
"""After so many in a row only a supervisor lets a person try again (NIST SP 800-63B 5.2.2)."""


class By(NamedTuple):
    """Who acts, where, and who allowed it where one person is not enough."""

    worker: Worker
    workplace: str | None = None
    approver: Worker | None = None


class Attempts(NamedTuple):
    """Wrong PINs of a person in a row, and how long the station must have run before the next is tried."""

    failures: int = 0
    until_ran_ms: int = 0

    @property
    def locked(self) -> bool:
        """Whether only a supervisor can help."""
        return self.failures >= MOST_FAILURES

    def wait_ms(self, ran_ms: int) -> int:
        """How long the next try has to wait still."""
        return max(0, self.until_ran_ms - ran_ms)


def one_more(attempts: Attempts, ran_ms: int) -> Attempts:
    """What is so when another PIN is tried: it counts as wrong until it was right."""
    failures = attempts.failures + 1
    return Attempts(failures, ran_ms + wait_after(failures))


def wait_after(failures: int) -> int:
    """How long so many wrong PINs in a row make wait, in milliseconds: 30 s after the fifth, up to an hour."""
    if failures < FREE_FAILURES:
        return 0
    return min(FIRST_WAIT_MS << min(failures - FREE_FAILURES, MOST_FAILURES), LONGEST_WAIT_MS)


def who(site: Site, place: Place | None, command: WorkerCommand) -> By | Answer:
    """Who a command is of, by a person's own key or by who is signed in at the workplace; or why it may not be."""
    worker = site.workers.get(command.worker_id or (place.worker_id if place else None) or "")
    if worker is None:
        return say("worker.none")
    if not command.roles & worker.roles:
        return say("worker.may_not", name=worker.name, roles=either([word(role) for role in sorted(command.roles)]))
    if command.approved_by is None:
        return By(worker, command.workplace)
    approver = site.workers.get(command.approved_by)
    if approver is None or APPROVES not in approver.roles or approver.worker_id == worker.worker_id:
        return say("worker.may_not_approve", name=approver.name if approver else command.approved_by)
    return ended(site, approver) or By(worker, command.workplace, approver)


def ended(site: Site, worker: Worker | None) -> Answer | None:
    """Why a person cannot sign in anew or allow anything: the bundle that names them is over."""
    if worker is None or not worker.by_bundle or site.badges_ended is None:
        return None
    return say("worker.badges_ended", name=worker.name, until=site.badges_ended)


def unlock(site: Site, by: By, attempts: Attempts | None, command: UnlockPin) -> Decision:
    """A supervisor lets a person try again; never themselves."""
    person = site.workers.get(command.person)
    if person is None:
        return Decision(say("pin.nobody", person=shown(command.person)))
    if person.worker_id == by.worker.worker_id:
        return Decision(say("worker.may_not_approve", name=person.name))
    if attempts is None:
        return Decision(say("pin.free", name=person.name))
    return Decision(say("pin.unlocked", name=person.name), (PinUnlocked(worker_id=person.worker_id),))


def register(_site: Site, _by: By, _loaded: None, command: RegisterDevice) -> Decision:
    """A device is known from now on, or told anew."""
    fact = DeviceRegistered(**command.model_dump(include=set(DeviceRegistered.model_fields)))
    return Decision(say("device.registered", device=shown(command.device_id)), (fact,))
