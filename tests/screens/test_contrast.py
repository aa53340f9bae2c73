"""Every colour of the pages can be told from its ground, in both themes: computed from tokens.css as WCAG does."""

from __future__ import annotations

import re

import pytest

from tests.screens.stand_in import SCREENS

SURFACES = ("surface-0", "surface-1", "surface-2", "surface-side")
"""Grounds that hold words. `surface-3` is the ground of a button under the pointer, and of nothing else."""
MEANINGS = ("done", "refused", "ask", "note", "away")
TEXT = 7.0
SHAPE = 3.0
Colours = dict[str, str]


def _themes() -> dict[str, Colours]:
    css = (SCREENS / "tokens.css").read_text(encoding="utf-8")
    dark, light = (
        dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", block))
        for block in re.findall(r":root(?:\[data-theme=\"light\"\])? \{\n(  --surface.*?)\n\}", css, re.DOTALL)
    )
    return {"dark": dark, "light": {**dark, **light}}


THEMES = _themes()


@pytest.fixture(params=THEMES)
def theme(request: pytest.FixtureRequest) -> Colours:
    found: Colours = THEMES[request.param]
    return found


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _too_weak(theme: Colours, inks: tuple[str, ...], grounds: tuple[str, ...], least: float) -> dict[str, float]:
    found = {f"{ink} on {ground}": contrast(theme[ink], theme[ground]) for ink in inks for ground in grounds}
    return {pair: round(value, 2) for pair, value in found.items() if value < least}


def test_black_on_white_is_21_and_a_known_grey_4_and_a_half() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_words_are_readable_on_every_surface(theme: Colours) -> None:
    assert _too_weak(theme, ("text", "text-quiet"), SURFACES, TEXT) == {}
    assert _too_weak(theme, ("text",), ("surface-3",), TEXT) == {}


def test_words_on_a_meaning_are_readable(theme: Colours) -> None:
    assert _too_weak(theme, ("on-meaning",), (*MEANINGS, "ask-stripe", "note-hover"), TEXT) == {}


def test_words_in_the_colour_of_a_meaning_are_readable_where_they_stand(theme: Colours) -> None:
    assert _too_weak(theme, ("refused", "ask", "note"), ("surface-1",), TEXT) == {}
    assert _too_weak(theme, ("ask",), ("surface-2",), TEXT) == {}  # what is missing, in the row of now


def test_shapes_edges_and_the_focus_are_seen_on_every_surface(theme: Colours) -> None:
    assert _too_weak(theme, (*MEANINGS, "edge", "focus"), SURFACES, SHAPE) == {}
    assert _too_weak(theme, ("done",), ("surface-3",), SHAPE) == {}  # how far the work is, on its track


def test_a_theme_that_is_too_pale_is_found() -> None:
    pale = {**THEMES["light"], "done": THEMES["dark"]["done"]}
    assert _too_weak(pale, MEANINGS, SURFACES, SHAPE).keys() == {f"done on {surface}" for surface in SURFACES}
