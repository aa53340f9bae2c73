"""Logs: one JSON object a line, ids only; names, addresses and secrets never get here."""

from __future__ import annotations

import json
import logging

from local_store.clock import timestamp

MAX_MESSAGE = 2000
MS_PER_S = 1000


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON; a line break in a message cannot forge another record."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        line = {
            "at": timestamp(int(record.created * MS_PER_S)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage()[:MAX_MESSAGE],
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up_logging(level: str) -> None:
    """Send everything to standard error, where the journal of the machine collects it."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler])
