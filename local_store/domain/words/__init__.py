"""Every sentence the floor says, by code, each with the tone that decides its colour, shape and sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from local_store.domain.words.phrases import Phrase as Phrase
from local_store.domain.words.phrases import either as either
from local_store.domain.words.phrases import listed as listed
from local_store.domain.words.phrases import phrase as phrase
from local_store.domain.words.phrases import word as word
from local_store.domain.words.tone import Sentences as Sentences
from local_store.domain.words.tone import Tone as Tone

LANGUAGES = ("en", "de", "es", "pl", "fr", "zh", "ar")
"""What the floor can speak: English, and each language that has its sentences in `languages`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the worker is told about one command. `values` fill the blanks, in whatever language it is said."""

    tone: Tone
    code: str
    text: str
    values: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def __str__(self) -> str:
        return self.text


AREAS = (
    "counting",
    "dispatch",
    "goods",
    "kitting",
    "packing",
    "paper",
    "people",
    "picking",
    "quality",
    "receiving",
    "returns",
    "scanning",
    "supervising",
    "tally",
    "work",
)
"""A module of each of these names has its sentences: here in English, and in the package of each other language."""


def sentences_in(package: str) -> dict[str, Any]:
    """The sentences of all areas in this package, by code."""
    modules = [import_module(f"{package}.{area}") for area in AREAS]
    return {code: sentence for module in modules for code, sentence in module.SENTENCES.items()}


_SENTENCES: Sentences = sentences_in(__name__)

CODES = frozenset(_SENTENCES)
"""Every code an answer can have."""


def say(code: str, /, **values: Any) -> Answer:
    """The answer with this code, its sentence filled in."""
    tone, sentence = _SENTENCES[code]
    return Answer(tone, code, sentence.format(**values), values)


def in_language(answer: Answer, language: str) -> Answer:
    """The same answer in another language of LANGUAGES."""
    if language == "en":
        return answer
    sentence: str = _words_of(language).SENTENCES[answer.code]
    values = {name: told(value, language) for name, value in answer.values.items()}
    return Answer(answer.tone, answer.code, sentence.format(**values), answer.values)


def told(value: Any, language: str) -> Any:
    """What stands in a blank, or on a screen, in a language: its phrases and answers, however deep they are."""
    if language == "en":
        return value
    match value:
        case Phrase():
            parts = {name: told(part, language) for name, part in value.values.items()}
            said: str = _words_of(language).PHRASES[value.sentence]
            return said.format(**parts) if parts else said
        case Answer():
            return in_language(value, language).text
        case dict():
            return {name: told(part, language) for name, part in value.items()}
        case list() | tuple():
            return [told(part, language) for part in value]
    return value


def _words_of(language: str) -> Any:
    """Loaded when it is first spoken: most sites never do."""
    return import_module(f"local_store.domain.words.languages.{language}")
