"""Profiles that differ from profile.toml."""

from __future__ import annotations

from typing import Any

from sync import profile
from sync.dialects.s2.capabilities import Profile


def profile_with(lines: dict[str, Any]) -> Profile:
    """The profile with these lines otherwise."""
    return Profile.model_validate(profile.laid_over(profile.read("sync.dialects.s2"), lines))
