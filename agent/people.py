"""Who may sign in at this station, with badge and PIN, for how long, and with which key.

Nothing here goes by the clock on the wall: see `local_store.domain.steady`.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from agent import pins
from local_store import attempts, badges, keys
from local_store.clock import Clock, timestamp
from local_store.domain import steady
from local_store.domain.badges import WARN_MS, Signed
from local_store.domain.events import BadgesRefused, BadgesTaken
from local_store.domain.meaning import shown
from local_store.domain.people import APPROVES, MOST_FAILURES, ended
from local_store.domain.site import Worker
from local_store.domain.steady import Steady
from local_store.journal import Recorded
from local_store.keys import Enrolment, Key
from local_store.store import Store
from local_store.transaction import Transaction
from web.problems import Refused

TICK_S = 30.0
KEEP_MS = 600_000
"""The time is written down once in so long, and each tick while somebody waits: what was waited is not lost then."""
CLOCK_WAS_WRONG_MS = 300_000
"""A key made so much later than now was made by a wrong clock, which HQ has set right: when it ends is not known."""
WORKER_KEY_MS, WORKER_IDLE_MS = 12 * 3_600_000, 30 * 60_000
DEVICE_KEY_MS = 90 * 24 * 3_600_000
ENROL_MS = 10 * 60_000
USE_TOLD_MS = 60_000
"""The use of a key is written down once in so long: it ends half an hour after the last, give or take this."""
WORKER, DEVICE = "worker", "device"
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Letters and digits of one-time codes: none that look alike. Eight of them have 40 bits."""
BUNDLE, REFUSED = "people.badges", "people.badges_refused"

Report = Callable[[str, str, str], None]


class Given(NamedTuple):
    """A key with its secret, which is told this once."""

    key: Key
    secret: str


class People:
    """The people of a station, their keys and those of devices. `start` it on an open store, `run` it as a task."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        boot_id: str,
        *,
        sleep: Callable[[float], Awaitable[None]],
        report: Report,
        clear: Callable[[str], None],
    ) -> None:
        self._store, self._clock, self._boot_id, self._sleep = store, clock, boot_id, sleep
        self._report, self._clear = report, clear
        self._of_settings = store.site.workers
        self._steady: Steady | None = None
        self._one_at_a_time = asyncio.Lock()
        self._used: dict[str, int] = {}

    # --- time and who there is ----------------------------------------------------------------------------------

    async def start(self) -> None:
        """Read the time and the people as they were kept."""
        await self._tick()
        self._store.listen(self.follow)

    async def run(self) -> None:
        """Keep the time, and say when badges end, for ever."""
        while True:
            kept_ms = self.now().mono_ms - (self._steady.mono_ms if self._steady else 0)
            if self._used or kept_ms >= KEEP_MS or attempts.somebody_waits(self._store.reader):
                await self._tick()
            else:
                self.look()
            await self._sleep(TICK_S)

    async def take_bundle(self, signed: Signed, source: str, *, is_fresh: bool) -> str | None:
        """Take a bundle of badges; the reason why it was refused, None when all is well."""
        reason = await self._store.run(lambda tx: badges.take(tx, signed, source, self._boot_id, is_fresh=is_fresh))
        await self._tick()
        return reason

    def now(self) -> Steady:
        """The time that no hand can move."""
        return steady.at(self._steady, self._boot_id, self._clock.mono_ms(), self._clock.wall_ms())

    def follow(self, recorded: list[Recorded]) -> None:
        """Facts were committed: the people may be others now."""
        if any(isinstance(each.fact, BadgesTaken | BadgesRefused) for each in recorded):
            self._steady = attempts.last_look(self._store.reader)
            self.look()

    def look(self) -> None:
        """Who may sign in now, and what is said of the bundle."""
        reader, now_ms = self._store.reader, self.now().now_ms
        bundle = badges.held(reader)
        over = timestamp(bundle.expires_ms) if bundle and bundle.expires_ms <= now_ms else None
        self._store.use_people(badges.together(self._of_settings, badges.people(reader)), over)
        if bundle is None or bundle.expires_ms - now_ms > WARN_MS:
            self._clear(BUNDLE)
        elif over is not None:
            self._report(BUNDLE, _OVER.format(until=over), _BRING)
        else:
            self._report(BUNDLE, _ENDS.format(until=timestamp(bundle.expires_ms)), _BRING)
        refused = badges.refused(reader)
        if refused:
            words = " ".join(f"{source}: {_REFUSED[reason]}" for source, reason in refused.items())
            self._report(REFUSED, f"A bundle of badges was not taken. {words}", _OLD_STAYS)
        else:
            self._clear(REFUSED)

    async def _tick(self) -> None:
        used, self._used = self._used, {}

        def look(tx: Transaction) -> Steady:
            keys.used(tx, used)
            return attempts.look(tx, self._boot_id)

        self._steady = await self._store.run(look)
        self.look()

    # --- badge and PIN ------------------------------------------------------------------------------------------

    async def known_by(self, badge: str, pin: str) -> Worker:
        """The person with this badge and PIN.

        Raises Refused: 401 for a wrong one, 429 while they have to wait, 423 when only a supervisor can help.
        """
        async with self._one_at_a_time:
            worker = self._store.site.worker_by_badge(badge.strip())
            if worker is None:
                await asyncio.to_thread(pins.fits, pins.NOBODY, pin)
                raise Refused(401, "wrong_pin", WRONG_PIN)
            if worker.pin_hash is None:
                raise Refused(403, "no_pin", NO_PIN.format(name=worker.name))
            ident, kept = worker.worker_id, worker.pin_hash
            before, wait_ms = await self._store.run(lambda tx: attempts.begin(tx, ident, self._boot_id))
            if before.locked:
                raise Refused(423, "pin_locked", LOCKED.format(name=worker.name, many=MOST_FAILURES))
            if wait_ms:
                seconds = -(-wait_ms // 1000)
                headers = {"Retry-After": str(seconds)}
                words = WAIT.format(name=worker.name, failures=before.failures, seconds=seconds)
                raise Refused(429, "pin_waits", words, headers=headers)
            if not await asyncio.to_thread(pins.fits, kept, pin):
                await self._store.run(lambda tx: attempts.was_wrong(tx, ident))
                raise Refused(401, "wrong_pin", WRONG_PIN)
            await self._store.run(lambda tx: attempts.was_right(tx, ident))
        over = ended(self._store.site, worker)
        if over is not None:
            raise Refused(403, "badges_ended", over.text)
        return worker

    async def approver(self, badge: str, pin: str) -> Worker:
        """The supervisor with this badge and PIN. Raises Refused as `known_by`, and 403 for anybody else."""
        worker = await self.known_by(badge, pin)
        if APPROVES not in worker.roles:
            raise Refused(403, "not_a_supervisor", f"{worker.name} cannot allow this. Ask a supervisor.")
        return worker

    # --- keys ---------------------------------------------------------------------------------------------------

    async def sign_in(self, badge: str, pin: str, device_id: str | None) -> Given:
        """A worker's key: for 12 hours at most, and until it was not used for half an hour. Raises Refused."""
        worker = await self.known_by(badge, pin)
        ident, now_ms = f"key_{secrets.token_hex(8)}", self.now().now_ms
        secret = self._secret(WORKER, secrets.token_urlsafe(32))
        key = Key(
            ident,
            keys.digest_of(secret),
            "worker",
            device_id,
            worker.worker_id,
            None,
            worker.worker_id,
            now_ms,
            now_ms + WORKER_KEY_MS,
            WORKER_IDLE_MS,
            now_ms,
        )
        return Given(await self._store.run(lambda tx: keys.give(tx, key)), secret)

    async def give(self, ident: str, key: Key, made_from: bytes) -> Given:
        """A key that a repeat of the same call tells again: it follows from its id and `made_from`, a secret."""
        made = hmac.new(made_from, ident.encode(), hashlib.sha256).digest()
        secret = self._secret(key.role, base64.urlsafe_b64encode(made).decode().rstrip("="))
        wanted = key._replace(digest=keys.digest_of(secret))
        given = await self._store.run(lambda tx: keys.give(tx, wanted))
        if (given.device_id, given.worker_id, given.expires_ms - given.made_ms) != (
            key.device_id,
            key.worker_id,
            key.expires_ms - key.made_ms,
        ):
            raise Refused(422, "command_reused", "This Idempotency-Key was used for another key. Use a new one.")
        return Given(given, secret)

    async def end(self, key_id: str, *, by: str | None, signs_out: bool = False) -> bool:
        """A key works no more; False when it did not work before."""
        reason: keys.Ended = "signed_out" if signs_out else "revoked"
        return await self._store.run(lambda tx: keys.end(tx, key_id, reason, by))

    async def offer(self, device_id: str, workplace: str, by: str) -> tuple[str, Enrolment]:
        """A one-time code for a handheld, good for ten minutes."""
        ident, secret = (("".join(secrets.choice(_ALPHABET) for _ in range(many))) for many in (4, 8))
        expires_ms = self.now().now_ms + ENROL_MS
        code = Enrolment(ident, keys.digest_of(secret), device_id, workplace, by, expires_ms)
        await self._store.run(lambda tx: keys.offer(tx, code))
        return f"{ident}-{secret}", code

    async def enrol(self, code: str) -> Given:
        """The key of the handheld that shows this code. Raises Refused 403."""
        ident, _, secret = code.strip().upper().partition("-")
        now_ms = self.now().now_ms
        found = await self._store.run(lambda tx: keys.enrol(tx, ident, secret, now_ms))
        if found is None:
            raise Refused(403, "wrong_code", WRONG_CODE)
        shown_once = self._secret(DEVICE, secrets.token_urlsafe(32))
        key = Key(
            f"key_{secrets.token_hex(8)}",
            keys.digest_of(shown_once),
            "device",
            found.device_id,
            None,
            found.workplace,
            found.issued_by,
            now_ms,
            now_ms + DEVICE_KEY_MS,
            None,
            now_ms,
        )
        return Given(await self._store.run(lambda tx: keys.give_to_device(tx, key)), shown_once)

    def holder(self, secret: str) -> Key | None:
        """The key with this secret, in use from now on; None for what was never a key of a station.

        Raises Refused 401: of another station, not known here, ended, expired, idle for too long.
        """
        kind, _, rest = secret.partition(".")
        station, _, random = rest.rpartition(".")
        if kind not in {WORKER, DEVICE} or not station or not random:
            return None
        here = self._store.site.station_id
        if station != here:
            raise Refused(401, "key_of_other_station", OTHER_STATION.format(station=shown(station), here=here))
        key = keys.find(self._store.reader, keys.digest_of(secret))
        if key is None:
            raise Refused(401, "unknown_key", f"{here} gave no such key. {NEXT[kind]}")
        return self._still(key)

    def workplace_of(self, key: Key) -> str | None:
        """The workplace a key is for; None where it is for none, or that one is gone."""
        return key.workplace if key.workplace in self._store.site.workplaces else None

    def roles_of(self, key: Key) -> frozenset[str]:
        """What the holder of a worker's key may do now. Raises Refused 401 for somebody who left."""
        worker = self._store.site.workers.get(key.worker_id or "")
        if worker is None:
            raise Refused(401, "key_revoked", f"The holder of this key is not known here any more. {NEXT[WORKER]}")
        return worker.roles

    def _still(self, key: Key) -> Key:
        now_ms, words = self.now().now_ms, NEXT[key.role]
        if key.ended is not None:
            raise Refused(401, "key_revoked", f"This key was taken back ({key.ended}). {words}")
        if key.expires_ms <= now_ms or key.made_ms > now_ms + CLOCK_WAS_WRONG_MS:
            raise Refused(401, "key_expired", f"This key was good until {timestamp(key.expires_ms)}. {words}")
        used_ms = max(key.used_ms, self._used.get(key.key_id, 0))
        if key.idle_ms is not None and used_ms + key.idle_ms <= now_ms:
            raise Refused(401, "key_idle", f"This key was not used for {key.idle_ms // 60_000} minutes. {words}")
        if now_ms - used_ms >= USE_TOLD_MS or key.key_id in self._used:
            self._used[key.key_id] = now_ms
        return key

    def _secret(self, kind: str, random: str) -> str:
        return f"{kind}.{self._store.site.station_id}.{random}"


NEXT = {WORKER: "Sign in again with badge and PIN.", DEVICE: "Enrol this device again: ask a supervisor for a code."}
OTHER_STATION = "This key is for station {station}, and this is {here}. Sign in or enrol here."
WRONG_PIN = "This badge and PIN do not go together. Scan the badge and key the PIN again."
NO_PIN = "{name} has no PIN here. `edge-agent people pin` makes one for edge.toml; for badges of HQ, HQ sets it."
WAIT = "{name} was wrong {failures} times. Wait {seconds} s, then key the PIN again, or ask a supervisor."
LOCKED = "{name} was wrong {many} times in a row. A supervisor has to unlock the PIN."
WRONG_CODE = "This code is wrong, used or older than ten minutes. Ask for a new one and scan that."
_ENDS = "The badges that HQ gave are good until {until}; after that their people cannot sign in."
_OVER = (
    "The badges that HQ gave were good until {until}: their people cannot sign in or allow anything. "
    "Who is signed in may finish."
)
_BRING = "They are renewed by themselves once HQ answers; or put a fresh bundle file at people.bundle_file."
_OLD_STAYS = "The badges of before stay in use. Tell those who run HQ, and look at people.badge_key in edge.toml."
_REFUSED = {
    "key": "It was signed with another key than people.badge_key.",
    "signature": "Its signature is wrong: it was changed on the way.",
    "form": "It is not in the form of a bundle.",
    "warehouse": "It is for another warehouse.",
    "doubled": "Two people in it have the same id or badge.",
    "older": "It is older than the one that is here.",
    "expired": "It is over already.",
}
