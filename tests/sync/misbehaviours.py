"""What becomes of an HTTP answer on a bad day: over sixty ways, each a function of the answer HQ gave.

None of them is a refusal: whatever happens, the same request must go again, and in the end count once.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

Bytes = Callable[[bytes], list[bytes]]
"""HQ's whole answer -> what is written to the client, piece by piece; the connection is closed after it."""

HANG = b"<hang>"
"""In place of a piece: nothing more comes and the connection stays open."""
RESET = b"<reset>"
"""In place of a piece: the connection is torn down."""

_LONG = 9 * 1024 * 1024


@dataclass(frozen=True)
class Misbehaviour:
    """One way to spoil an answer; `reads_hq` is false where HQ's own answer plays no part."""

    name: str
    spoil: Bytes
    reads_hq: bool = False


def answer(status: str, body: bytes = b"", kind: str = "application/json", *headers: str) -> bytes:
    """A whole HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", "Connection: close"]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + body


def _instead(name: str, *pieces: bytes) -> Misbehaviour:
    return Misbehaviour(name, lambda _real: list(pieces))


def _with(name: str, spoil: Bytes) -> Misbehaviour:
    return Misbehaviour(name, spoil, reads_hq=True)


def _said(status: str, *headers: str) -> bytes:
    body = json.dumps({"message": "later", "error": {"code": "later", "message": "later", "details": None}})
    return answer(status, body.encode(), "application/json", *headers)


def _parts(real: bytes) -> tuple[bytes, bytes]:
    head, _, body = real.partition(b"\r\n\r\n")
    return head + b"\r\n\r\n", body


def _cut(share: float) -> Bytes:
    def cut(real: bytes) -> list[bytes]:
        head, body = _parts(real)
        return [head + body[: int(len(body) * share)]] if body else [head[: int(len(head) * share)]]

    return cut


def _dripping(real: bytes) -> list[bytes]:
    return [
        real[: len(real) // 2],
        *(real[place : place + 1] for place in range(len(real) // 2, len(real) - 1)),
        HANG,
    ]


def _other_body(make: Callable[[bytes], bytes]) -> Bytes:
    def other(real: bytes) -> list[bytes]:
        head, body = _parts(real)
        status = head.split(b"\r\n")[0].removeprefix(b"HTTP/1.1 ").decode()
        return [answer(status, make(body))]

    return other


def _html(status: str, text: bytes = b"<html><body>Sign in to the network</body></html>") -> bytes:
    return answer(status, text, "text/html; charset=utf-8")


def _redirect(status: str, target: str) -> bytes:
    return answer(status, b"", "text/html", f"Location: {target}")


def _bomb() -> bytes:
    return answer("200 OK", gzip.compress(b" " * 3 * _LONG), "application/json", "Content-Encoding: gzip")


def _chunked(*chunks: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(chunks)


ALL: tuple[Misbehaviour, ...] = (
    # nothing, or not enough
    _instead("closed without a word"),
    _instead("torn down", RESET),
    _instead("nothing comes", HANG),
    _instead("a status line only", b"HTTP/1.1 200 OK\r\n"),
    _instead("half a status line", b"HTTP/1.1 2"),
    _instead("headers without an end", b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"),
    _instead("headers, then nothing", answer("200 OK", b"x" * 50)[:-50], HANG),
    _with("half the body, then closed", _cut(0.5)),
    _with("nine tenths of the body", _cut(0.9)),
    _with("none of the body", _cut(0)),
    _with("half the body, then torn down", lambda real: [*_cut(0.5)(real), RESET]),
    _with("half the body, then nothing", lambda real: [*_cut(0.5)(real), HANG]),
    _with("dripping without an end", _dripping),
    # a service that is not well
    *(
        _instead(status.lower(), _said(status))
        for status in (
            "408 Request Timeout", "425 Too Early", "429 Too Many Requests", "500 Internal Server Error",
            "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout", "507 Insufficient Storage",
            "520 Unknown Error", "529 Overloaded", "599 Network Timeout",
        )
    ),
    _instead("429, again in a second", _said("429 Too Many Requests", "Retry-After: 1")),
    _instead("429, again at a date", _said("429 Too Many Requests", "Retry-After: Mon, 01 Sep 2025 08:00:01 GMT")),
    _instead("429, again some day", _said("429 Too Many Requests", "Retry-After: soon")),
    _instead("429, again in a year", _said("429 Too Many Requests", "Retry-After: 99999999")),
    _instead("429, again before now", _said("429 Too Many Requests", "Retry-After: -5")),
    _instead("503, again at once", _said("503 Service Unavailable", "Retry-After: 0")),
    _instead("500 without a body", answer("500 Internal Server Error")),
    _instead("503 as plain text", answer("503 Service Unavailable", b"maintenance", "text/plain")),
    # somebody else who answers
    _instead("a portal's page", _html("200 OK")),
    _instead("a portal's page called JSON", answer("200 OK", b"<html>Sign in</html>")),
    _instead("a proxy's page", _html("502 Bad Gateway")),
    _instead("a page that the network wants a sign-in", _html("511 Network Authentication Required")),
    _instead("moved to another host", _redirect("301 Moved Permanently", "http://portal.invalid/")),
    _instead("found elsewhere", _redirect("307 Temporary Redirect", "http://portal.invalid/login")),
    _instead("moved for good elsewhere", _redirect("308 Permanent Redirect", "https://portal.invalid/")),
    _instead("a redirect to itself", _redirect("307 Temporary Redirect", "/")),
    _instead("a redirect without a target", answer("307 Temporary Redirect")),
    # success that is none
    _instead("200 with the wrong type of list", answer("200 OK", b"[]")),
    _instead("200 with a number", answer("200 OK", b"7")),
    _instead("200 with a text", answer("200 OK", b'"ok"')),
    _instead("200 with null", answer("200 OK", b"null")),
    _instead("200 as plain text", answer("200 OK", b"OK", "text/plain")),
    _instead("200 as XML", answer("200 OK", b"<ok/>", "application/xml")),
    _instead("200 with letters that are none", answer("200 OK", b'{"id": "\xff\xfe"}')),
    _instead("200 with NaN", answer("200 OK", b'{"id": NaN}')),
    _instead("200 ten thousand levels deep", answer("200 OK", b"[" * 10_000 + b"]" * 10_000)),
    _instead("200 and too much of it", answer("200 OK", b'{"id": "' + b"x" * _LONG + b'"}')),
    _instead("200 and a body packed too well", _bomb()),
    _instead(
        "200 packed and broken",
        answer("200 OK", zlib.compress(b'{"id": 1}')[:-3] + bytes(3), "application/json", "Content-Encoding: gzip"),
    ),
    _instead("chunks of a length that is none", _chunked(b"zz\r\n{}\r\n0\r\n\r\n")),
    _instead("a chunk that ends early", _chunked(b"ff\r\n{}")),
    _instead("chunks without a last one", _chunked(b"2\r\n{}\r\n")),
    _with("half of the JSON as if it were all", _other_body(lambda body: body[: len(body) // 2])),
    _with("two answers in one body", _other_body(lambda body: body + body)),
    # not HTTP as one knows it
    _instead("an answer in another language", b"SSH-2.0-OpenSSH_9.2\r\n"),
    _instead("zeros", b"\x00" * 400),
    _instead("a status that is none", b"HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n"),
    _instead("a length that is none", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}"),
    _instead("a header of a hundred kilobytes", answer("200 OK", b"{}", "text/json", "X-Long: " + "x" * 100_000)),
    _instead("only that it goes on", b"HTTP/1.1 100 Continue\r\n\r\n", HANG),
    # the right answer, badly brought
    _with("in pieces of seven bytes", lambda real: [real[at : at + 7] for at in range(0, len(real), 7)]),
    _with("and a second answer behind it", lambda real: [real, _said("500 Internal Server Error")]),
    _with("and rubbish behind it", lambda real: [real, b"\r\n\r\nGET / HTTP/1.1\r\n\r\n"]),
    _with("and then torn down", lambda real: [real, RESET]),
    _with("after it was said that it goes on", lambda real: [b"HTTP/1.1 103 Early Hints\r\n\r\n", real]),
)  # fmt: skip
"""Every misbehaviour. Those that read HQ's answer need HQ to have been asked."""


async def pieces(spoiled: list[bytes]) -> AsyncIterator[bytes]:
    """The pieces in order."""
    for piece in spoiled:
        yield piece
