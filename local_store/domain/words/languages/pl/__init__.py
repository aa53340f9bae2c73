"""Everything the floor says, in Polish: polite, short, and with the blanks of the English sentence."""

from collections.abc import Mapping

from local_store.domain.words import sentences_in
from local_store.domain.words.languages.pl.phrases import PHRASES as PHRASES

SENTENCES: Mapping[str, str] = sentences_in(__name__)
"""Code of an answer -> its sentence."""
