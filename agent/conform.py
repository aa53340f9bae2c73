"""Is a central service what its contract says? Calls every operation and judges each answer by the document alone."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any
from urllib.parse import quote, urlencode

from web.contract import Contract, Operation
from web.contract_sample import NoSample, Sampler
from web.contract_schema import is_json

TIMEOUT_S = 30
MAX_ANSWER = 16 * 1024 * 1024
MAX_PAGES = 200
UNKNOWN_ID = "conform-no-such-id"
BROKEN_JSON = b'{"'


class Verdict(Enum):
    """What a check came to."""

    KEPT = "as documented"
    BROKEN = "NOT AS DOCUMENTED"
    OPEN = "not tried"


@dataclass(frozen=True)
class Finding:
    """One check: the operation, what was sent, the status (0 for none), and a sentence."""

    operation: str
    sent: str
    status: int
    verdict: Verdict
    sentence: str


@dataclass(frozen=True)
class Sent:
    """A call as it goes out."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes | None


@dataclass(frozen=True)
class Reply:
    """An answer; `error` says why there is none."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    error: str = ""


class Server:
    """The server under test. Redirects are answers; an answer is read up to a limit."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self._url, self.headers = url.rstrip("/"), headers
        self._opener = urllib.request.build_opener(_NoRedirect())

    def ask(self, method: str, sent: Sent) -> Reply:
        """One call; a server that does not answer is a Reply with `error`."""
        target = f"{self._url}{sent.path}" + (f"?{urlencode(sent.query)}" if sent.query else "")
        request = urllib.request.Request(target, sent.body, dict(sent.headers), method=method)  # noqa: S310 -- given
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                return Reply(answer.status, dict(answer.headers), answer.read(MAX_ANSWER))
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, dict(error.headers), error.read(MAX_ANSWER))
        except (OSError, ValueError) as error:  # URLError and a reset are OSError, a half answer is ValueError
            return Reply(0, {}, b"", str(getattr(error, "reason", error))[:200])


class Walk:
    """Goes through a contract against one server and tells what it finds.

    Reads only, unless `write`; operations of our own extensions only with `extensions`. `known` are values to use by
    member name; ids that answers tell are added to it as the walk goes.
    """

    def __init__(
        self, contract: Contract, server: Server, known: Mapping[str, str], *, write: bool, extensions: bool
    ) -> None:
        self._contract, self._server = contract, server
        self._known, self._given = dict(known), frozenset(known)
        self._write = write
        self._operations = [
            each for each in contract.operations if extensions or not each.document.get("x-extension")
        ]
        self._run = uuid.uuid4().hex[:12]
        self._made = 0
        self._sampler = Sampler(contract, self._known, self._fresh)
        schemes = contract.document.get("components", {}).get("securitySchemes", {}).values()
        named = {each["name"].lower() for each in schemes if each.get("in") == "header"}
        self._secret_headers = {"authorization", *named}

    def findings(self) -> Iterator[Finding]:
        """Every check, in the order in which it was made."""
        reads = [each for each in self._operations if each.method == "GET"]
        writes = [each for each in self._operations if each.method != "GET"] if self._write else []
        for each in [each for each in reads if not _names(each)]:
            yield from self._check_read(each)
        for each in sorted(writes, key=_ends_something):
            yield from self._check_write(each)
        for each in [each for each in reads if _names(each)]:
            yield from self._check_read(each)

    def _check_read(self, operation: Operation) -> Iterator[Finding]:
        sent, why_not = self._valid(operation)
        if sent is None:
            yield _open(operation, "valid call", why_not)
        else:
            reply = self._server.ask("GET", sent)
            yield self._judged(operation, "valid call", reply, wants_success=True)
            self._learn(operation, reply)
            yield from self._check_paging(operation, sent)
        yield from self._check_keyless(operation)
        if _names(operation) and "404" in operation.statuses and self._needs_key(operation):
            yield from self._check_unknown(operation)

    def _check_write(self, operation: Operation) -> Iterator[Finding]:
        sent, why_not = self._valid(operation)
        if sent is None:
            yield _open(operation, "valid call", why_not)
        else:
            reply = self._server.ask(operation.method, sent)
            yield self._judged(operation, "valid call", reply)
            self._learn(operation, reply)
        yield from self._check_keyless(operation)
        yield from self._check_bad_body(operation)

    def _check_keyless(self, operation: Operation) -> Iterator[Finding]:
        if not self._needs_key(operation):
            return
        sent, _ = self._valid(operation, fallback=UNKNOWN_ID)
        if sent is None:
            return
        bare = {name: value for name, value in sent.headers.items() if name.lower() not in self._secret_headers}
        reply = self._server.ask(operation.method, replace(sent, headers=bare))
        found = self._judged(operation, "no key", reply)
        if found.verdict is Verdict.KEPT and reply.status not in {401, 403}:
            sentence = f"a call without a key is answered {reply.status}, not 401 or 403"
            found = replace(found, verdict=Verdict.BROKEN, sentence=sentence)
        yield found

    def _needs_key(self, operation: Operation) -> bool:
        """Not so behind a presigned address, whose signature is looked at before its id."""
        return bool(operation.document.get("security", self._contract.document.get("security")))

    def _check_unknown(self, operation: Operation) -> Iterator[Finding]:
        sent, why_not = self._valid(operation, instead=UNKNOWN_ID)
        if sent is None:
            yield _open(operation, "unknown id", why_not)
            return
        reply = self._server.ask(operation.method, sent)
        found = self._judged(operation, "unknown id", reply)
        if found.verdict is Verdict.KEPT and reply.status != 404:  # noqa: PLR2004 -- what the contract names
            sentence = f"an id that nobody has is answered {reply.status}, not 404"
            found = replace(found, verdict=Verdict.BROKEN, sentence=sentence)
        yield found

    def _check_bad_body(self, operation: Operation) -> Iterator[Finding]:
        media = _json_type(operation)
        sent, _ = self._valid(operation, fallback=UNKNOWN_ID)
        if media is None or sent is None:
            return
        wrong = [("broken JSON", BROKEN_JSON), ("a text as body", b'"conform"')]
        for name, body in wrong:
            headers = {**sent.headers, "Content-Type": media}
            if not operation.check_request(sent.query, headers, body):
                continue
            reply = self._server.ask(operation.method, replace(sent, headers=headers, body=body))
            found = self._judged(operation, name, reply)
            if found.verdict is Verdict.KEPT and not 400 <= reply.status < 500:  # noqa: PLR2004 -- the 4xx
                sentence = f"a body that breaks the contract is answered {reply.status}, not refused"
                found = replace(found, verdict=Verdict.BROKEN, sentence=sentence)
            yield found

    def _check_paging(self, operation: Operation, sent: Sent) -> Iterator[Finding]:
        paging = self._contract.document.get("x-paging")
        if not paging or paging["parameter"] not in {each["name"] for each in operation.parameters}:
            return
        seen: set[str] = set()
        query = {**sent.query, "limit": str(paging["limit"])}
        for page in range(1, MAX_PAGES + 1):
            reply = self._server.ask("GET", replace(sent, query=query))
            found = self._judged(operation, f"page {page}", reply, wants_success=True)
            if found.verdict is not Verdict.KEPT:
                yield found
                return
            body = json.loads(reply.body)
            cursor = body.get(paging["next"]) if isinstance(body, dict) else None
            if cursor is None:
                yield replace(found, sent="all pages", sentence=f"the list ends after {page} page(s)")
                return
            if cursor in seen:
                yield replace(found, verdict=Verdict.BROKEN, sentence="the list does not end: a cursor comes again")
                return
            seen.add(cursor)
            query = {**query, paging["parameter"]: cursor}
        yield _open(operation, "all pages", f"the list has more than {MAX_PAGES} pages")

    def _judged(self, operation: Operation, sent: str, reply: Reply, *, wants_success: bool = False) -> Finding:
        def finding(verdict: Verdict, sentence: str) -> Finding:
            return Finding(operation.name, sent, reply.status, verdict, sentence)

        if reply.error:
            return finding(Verdict.BROKEN, f"no answer: {reply.error}")
        faults = operation.check_answer(reply.status, reply.headers, reply.body)
        if faults:
            return finding(Verdict.BROKEN, " ".join(faults))
        if reply.status >= 500:  # noqa: PLR2004 -- documented or not, a fault of the server
            return finding(Verdict.BROKEN, f"the server answers {reply.status} to a call that should work")
        if wants_success and reply.status in {401, 403}:
            return finding(Verdict.OPEN, "the key that was given may not do this")
        if wants_success and reply.status == 404 and _names(operation):  # noqa: PLR2004 -- the id is of something else
            return finding(Verdict.OPEN, f"no {_snake(_names(operation)[0])} of such a record is known")
        if wants_success and reply.status >= 400:  # noqa: PLR2004 -- a refusal
            return finding(Verdict.BROKEN, f"a valid read is refused with {reply.status}")
        return finding(Verdict.KEPT, "answered as the contract says")

    def _valid(
        self, operation: Operation, *, instead: str | None = None, fallback: str | None = None
    ) -> tuple[Sent | None, str]:
        """A smallest valid call, or None and why there is none. `instead` goes for every id in the path."""
        try:
            ids = {name: instead or self._known.get(_snake(name)) or fallback for name in _names(operation)}
            lacking = [_snake(name) for name, value in ids.items() if value is None]
            if lacking:
                return None, f"no {lacking[0]} is known; give one with --value {lacking[0]}=..."
            path = re.sub(r"\{([^}]+)\}", lambda name: quote(str(ids[name[1]]), safe=""), operation.template)
            query = self._required(operation, "query")
            headers = {**self._server.headers, **self._required(operation, "header")}
            body, media = self._body(operation)
            return Sent(path, query, headers | ({"Content-Type": media} if media else {}), body), ""
        except NoSample as error:
            return None, f"no valid value is known for {error}"

    def _required(self, operation: Operation, place: str) -> dict[str, str]:
        there = [each for each in operation.parameters if each["in"] == place]
        wanted = [each for each in there if each.get("required") or each.get("x-send")]
        return {each["name"]: str(self._sampler.value(each.get("schema", {}), each["name"])) for each in wanted}

    def _body(self, operation: Operation) -> tuple[bytes | None, str]:
        if operation.request_body is None:
            return None, ""
        media = _json_type(operation)
        if media is not None:
            schema = operation.request_body["content"][media].get("schema", {})
            return json.dumps(self._sampler.value(schema)).encode(), media
        media = next(iter(operation.request_body["content"]))
        if media == "application/x-ndjson":
            return b"{}\n", media
        raise NoSample(f"a body of type {media}")

    def _fresh(self) -> str:
        self._made += 1
        return f"conform-{self._run}-{self._made}"

    def _learn(self, operation: Operation, reply: Reply) -> None:
        """Keep the ids an answer tells: members named like an id of a path, and `id` of what a collection lists."""
        if not 200 <= reply.status < 300 or not reply.body:  # noqa: PLR2004 -- success
            return
        try:
            body = json.loads(reply.body)
        except ValueError:
            return  # it was judged already
        wanted = {_snake(name) for each in self._operations for name in _names(each)}
        own = next((name for each in self._operations for name in _id_of_collection(each, operation)), "")
        for name, value in _members(body):
            key = _snake(own) if name == "id" and own else name
            new = key not in self._known or (operation.method == "POST" and key not in self._given)
            if key in wanted and isinstance(value, str) and value and new:
                self._known[key] = value


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any, **_more: Any) -> None:
        """None: the redirect itself is the answer, and a key never follows it to another host."""


def _open(operation: Operation, sent: str, sentence: str) -> Finding:
    return Finding(operation.name, sent, 0, Verdict.OPEN, sentence)


def _names(operation: Operation) -> list[str]:
    return re.findall(r"\{([^}]+)\}", operation.template)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def _ends_something(operation: Operation) -> bool:
    """Cancelling and deleting come last, so that there is something to call until then."""
    return operation.method == "DELETE" or operation.template.endswith(("/cancel", "/release"))


def _json_type(operation: Operation) -> str | None:
    content = (operation.request_body or {}).get("content", {})
    return next((media for media in content if is_json(media)), None)


def _id_of_collection(one: Operation, listed: Operation) -> list[str]:
    """The name of the id in `/things/{thingId}`, for an answer of `/things` or of `/things/{thingId}` itself."""
    match = re.fullmatch(r"(.+)/\{([^}/]+)\}", one.template)
    return [match[2]] if match and listed.template in {match[1], one.template} else []


def _members(body: Any) -> Iterator[tuple[str, Any]]:
    for each in body if isinstance(body, list) else [body]:
        for name, value in each.items() if isinstance(each, dict) else ():
            yield name, value
            if isinstance(value, dict | list):
                yield from ((inner, told) for inner, told in _members(value) if inner != "id" or name == "items")
