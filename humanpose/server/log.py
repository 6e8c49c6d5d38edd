"""One line of JSON for each thing that happens on the server, to its standard error.

Nobody's clip, name or link is in it: a token opens an analysis, so only its digest is written.
"""

import hashlib
import json
import logging
import sys


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        facts = record.__dict__["facts"]
        return json.dumps({"time": round(record.created, 3), "event": record.msg} | facts)


_TO_STDERR = logging.StreamHandler(sys.__stderr__)
_TO_STDERR.setFormatter(_JsonLines())
_LOG = logging.getLogger("humanpose.server")
_LOG.handlers = [_TO_STDERR]
_LOG.setLevel(logging.INFO)
_LOG.propagate = False


def event(what: str, *, token: str = "", **facts: str | float) -> None:
    """Write down what happened, to which analysis, and facts about it."""
    about = {"analysis": hashlib.sha256(token.encode()).hexdigest()[:12]} if token else {}
    _LOG.info(what, extra={"facts": about | facts})
