"""Reading from an HQ in a pull: an answer or the end of the pull, a document or a sentence about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sync.dialect import Answer, Fault, NoAnswer, Outcome, PullStopped, Reply
from sync.retry import classify
from sync.wording import fault

Document = TypeVar("Document", bound=BaseModel)


def body_of(reply: Reply, words: Callable[[Answer], str]) -> Any:
    """What HQ said; `words` are its own of a refusal. Raises PullStopped for anything but success."""
    if isinstance(reply, NoAnswer):
        raise PullStopped(reply, reply.sentence)
    if classify(reply) is not Outcome.OK:
        raise PullStopped(reply, words(reply))
    return reply.body


def document(model: type[Document], value: Any, what: str) -> Document | Fault:
    """A document of HQ, checked; a Fault that names place and value where it is not one."""
    if isinstance(value, Fault):
        return value
    try:
        return model.model_validate(value)
    except ValidationError as error:
        return Fault(fault(what, error))
