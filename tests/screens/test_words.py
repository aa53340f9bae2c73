"""What the pages say by themselves: the same things in every language, nothing unused, nothing missing."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest

from config.model import Language
from tests.screens.conftest import Open
from tests.screens.stand_in import SCREENS

pytestmark = pytest.mark.asyncio(loop_scope="session")
WORDS = SCREENS / "words"
KINDS = sorted(path.name.removesuffix(".en.js") for path in WORDS.glob("*.en.js"))
LANGUAGES = get_args(Language)
NUMBER_IN_WORDS = {("ar", "zero"), ("ar", "one"), ("ar", "two")}
"""Forms that stand for one number alone, and so may say it in a word."""
READ = """async ([kind, languages]) => Object.fromEntries(await Promise.all(languages.map(async (language) => [
  language,
  {
    words: (await import(`/static/words/${kind}.${language}.js`)).WORDS,
    forms: new Intl.PluralRules(language).resolvedOptions().pluralCategories,
  },
])))"""
Words = dict[str, Any]


def _languages_of(kind: str) -> set[str]:
    return {path.name.split(".")[1] for path in WORDS.glob(f"{kind}.*.js")}


def _blanks(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def differences(english: Words, words: Words, forms: list[str], language: str) -> list[str]:
    """What a language has otherwise than English."""
    found = [f"{key}: only in one of them" for key in english.keys() ^ words.keys()]
    for key in english.keys() & words.keys():
        said, meant = words[key], english[key]
        if isinstance(said, str) != isinstance(meant, str):
            found.append(f"{key}: plural forms in one of them alone")
        elif isinstance(said, str):
            found += [f"{key}: other blanks"] if _blanks(said) != _blanks(meant) else []
        else:
            found += [f"{key}: forms {sorted(said)}"] if set(said) != set(forms) else []
            for form, text in said.items():
                may_lack = {"n"} if (language, form) in NUMBER_IN_WORDS else set()
                if _blanks(text) | may_lack != _blanks(meant["other"]) | may_lack:
                    found.append(f"{key}, {form}: other blanks")
    return found


async def test_the_work_screens_speak_every_language_of_the_floor() -> None:
    assert _languages_of("work") >= set(LANGUAGES)


@pytest.mark.parametrize("kind", KINDS)
async def test_every_language_has_the_keys_blanks_and_plural_forms_of_english(open_screen: Open, kind: str) -> None:
    screen = await open_screen()
    read = await screen.page.evaluate(READ, [kind, sorted(_languages_of(kind))])
    english = read["en"]["words"]
    found = {language: differences(english, of["words"], of["forms"], language) for language, of in read.items()}
    assert {language: wrong for language, wrong in found.items() if wrong} == {}


async def test_a_language_that_lacks_something_is_found() -> None:
    english = {"hello": "Hello {name}", "lines": {"one": "{n} line", "other": "{n} lines"}}
    polish = ["one", "few", "many", "other"]
    lacking = differences(english, {"hello": "Witaj"}, polish, "pl")
    assert lacking == ["lines: only in one of them", "hello: other blanks"]
    forms = {"one": "wiersz", "few": "{n} wiersze", "many": "{n} wierszy"}
    assert differences(english, {"hello": "Witaj {name}", "lines": forms}, polish, "pl") == [
        "lines: forms ['few', 'many', 'one']",
        "lines, one: other blanks",
    ]


def _keys() -> set[str]:
    texts = [(WORDS / f"{kind}.en.js").read_text(encoding="utf-8") for kind in KINDS]
    return {key for text in texts for key in re.findall(r"^  (\w+): ", text, re.MULTILINE)}


def _modules() -> str:
    return "\n".join(
        path.read_text(encoding="utf-8") for path in sorted({*SCREENS.glob("*.js"), *SCREENS.glob("desk/*.js")})
    )


def _settings() -> set[str]:
    """Words of the settings: the setting and its value."""
    text = (SCREENS / "settings.js").read_text(encoding="utf-8")
    choices = re.search(r"const CHOICES = \{(.*?)\};", text, re.DOTALL)
    assert choices is not None
    named = re.findall(r"(\w+): \[(.*?)\]", choices[1])
    return {f"{name}_{value}" for name, values in named for value in re.findall(r'"(\w+)"', values)}


async def test_every_word_is_said_somewhere() -> None:
    modules = _modules()
    quoted = set(re.findall(r'"(\w+)"', modules))
    begun = set(re.findall(r"`([a-z_]+_)\$\{", modules)) | {
        f"{kind}_" for kind in re.findall(r'\bworded\("(\w+)"', modules)
    }
    unused = {key for key in _keys() - quoted - _settings() if not any(key.startswith(begin) for begin in begun)}
    assert unused == set()


async def test_everything_that_is_said_has_its_words() -> None:
    modules = re.sub(r'=== "\w+"', "", _modules())  # what a state is compared with is not said
    asked = {key for call in re.findall(r"\bsay\(([^`;]*?)[,)]", modules) for key in re.findall(r'"(\w+)"', call)}
    keys = _keys()
    assert asked - keys == set()
    begun = set(re.findall(r"say\(`([a-z_]+_)\$\{", modules))
    assert {begin for begin in begun if not any(key.startswith(begin) for key in keys)} == set()
