"""A running service against its contract: made-up calls, right and wrong, and what must never come back."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation

from tests.support.patience import PATIENCE_S
from web.contract import Contract

TIMEOUT_S = PATIENCE_S
FUZZ_EXAMPLES = 400
EACH_HEADER = 2
LONGEST_REQUEST_LINE = 8000
"""Beyond it the server refuses to read on, before any API is asked."""
SHOWN = 1000

Known = Mapping[str, Sequence[str]]
"""Ids that exist, by the name of the member or path member they may stand in."""


def examples_of_profile(few: int) -> int:
    """How many calls of each kind and operation: `few`, or many under the profile `fuzz`."""
    return FUZZ_EXAMPLES if settings.get_current_profile_name() == "fuzz" else few


def run_schemathesis(
    contract: Contract, url: str, headers: Mapping[str, str], examples: int, known: Known | None = None
) -> int:
    """Make `examples` right and as many wrong calls of every operation; fail with all faults, else tell how many.

    `url` is the address before the contract's paths. A fault is a 5xx, an undocumented status or type, a body or
    header of an answer that breaks its schema. Runs in the caller's thread: in an async test use a thread of its own.
    """
    schema = schemathesis.openapi.from_dict(_document(contract, whole=examples >= FUZZ_EXAMPLES))
    faults: dict[str, str] = {}
    calls = 0
    with requests.Session() as session:
        session.headers.update(headers)
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # who calls is said by `headers` alone
        for result in schema.get_all_operations():
            assert isinstance(result, Ok), result
            operation = result.ok()
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                caller = Caller(contract, url, session, known or {})
                if mode is GenerationMode.POSITIVE or _can_be_wrong(contract, operation):
                    _try_many(operation, mode, examples, caller)
                faults |= caller.faults
                calls += caller.calls
    assert not faults, "\n".join(faults.values())
    return calls


@schemathesis.serializer("application/x-ndjson")
def _as_text(_context: schemathesis.SerializationContext, value: Any) -> bytes:
    """Lines are sent as they were made up."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


class Caller:
    """Sends generated calls and keeps one example of each fault."""

    def __init__(self, contract: Contract, url: str, session: requests.Session, known: Known) -> None:
        self._contract, self._url, self._session, self._known = contract, url, session, known
        self.faults: dict[str, str] = {}
        self.calls = 0

    def call(self, case: Case[Any], draw: Any) -> None:
        """One call; ids in it are drawn from those that exist, half of the time."""
        if draw(st.booleans()):
            case.path_parameters = self._with_known(dict(case.path_parameters or {}), draw)
            case.body = self._with_known(case.body, draw)
        if case.headers and "Idempotency-Key" in case.headers and case.headers["Idempotency-Key"]:
            case.headers["Idempotency-Key"] = uuid.uuid4().hex
        answer = case.call(base_url=self._url, session=self._session, timeout=TIMEOUT_S)
        if answer.request is None or len(answer.request.path_url) > LONGEST_REQUEST_LINE:
            return
        self.calls += 1
        path = answer.request.path_url.partition("?")[0]
        base = "/" + self._url.split("/", 3)[3] if self._url.count("/") > 2 else ""
        operation = self._contract.operation(case.method, path.removeprefix(base))
        if operation is None:  # a name in the path became another path, e.g. an empty one
            return
        headers = {name: ", ".join(values) for name, values in answer.headers.items()}
        wrong = operation.check_answer(answer.status_code, headers, answer.content)
        if answer.status_code >= 500 and not (answer.status_code == 503 and not wrong):
            wrong = [f"{operation.name} answered {answer.status_code}: {answer.text[:300]}", *wrong]
        for sentence in wrong:
            self.faults.setdefault(
                f"{operation.name} {sentence[:80]}", f"{sentence}\n  {case.as_curl_command()[:SHOWN]}"
            )

    def _with_known(self, value: Any, draw: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: self._with_known(inner, draw, key) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._with_known(inner, draw, name) for inner in value]
        if isinstance(value, str) and name in self._known:
            return draw(st.sampled_from(self._known[name]))
        return value


def _document(contract: Contract, *, whole: bool) -> dict[str, Any]:
    """The contract; where it is not asked for `whole`, a header is tried at the first two operations that name it.

    One place in a service reads a header for all of them, and making up wrong ones takes most of the time.
    """
    document = dict(contract.document)
    seen: Counter[str] = Counter()
    document["paths"] = {path: dict(item) for path, item in document["paths"].items()}
    for each in () if whole else contract.operations:
        kept = []
        for reference in each.document.get("parameters", []):
            parameter = contract.resolved(reference)
            seen[parameter["name"]] += 1
            if parameter["in"] != "header" or parameter.get("required") or seen[parameter["name"]] <= EACH_HEADER:
                kept.append(reference)
        document["paths"][each.template][each.method.lower()] = {**each.document, "parameters": kept}
    return document


def _can_be_wrong(contract: Contract, operation: Generated) -> bool:
    """Whether there is more to break than a header: a query, or a body whose members are said."""
    declared = contract.operation(operation.method, operation.path)
    assert declared is not None
    body = (declared.request_body or {}).get("content", {}).get("application/json", {}).get("schema", {})
    return bool(operation.query or contract.resolved(body).keys() & {"properties", "items", "minItems"})


Generated = APIOperation[Any, Any, Any, Any]


def _try_many(operation: Generated, mode: GenerationMode, examples: int, caller: Caller) -> None:
    @seed(1)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def attempt(case: Case[Any], data: st.DataObject) -> None:
        caller.call(case, data.draw)

    attempt()
