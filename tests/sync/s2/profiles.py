"""Profiles that differ from profile.toml."""

from __future__ import annotations

from typing import Any

from sync.dialects.s2.capabilities import Profile, over_the_file


def profile_with(lines: dict[str, Any]) -> Profile:
    """The profile with these lines otherwise."""
    return Profile.model_validate(over_the_file(lines))
