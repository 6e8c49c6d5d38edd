"""One line of JSON for each thing that happens on the server, to its standard error.

Nobody's clip, name or link is in it: a token opens an analysis, so only its digest is written.
"""

import hashlib
import json
import sys
import time


def event(what: str, *, token: str = "", **facts: str | float) -> None:
    """Write down what happened, to which analysis, and facts about it."""
    about = {"analysis": hashlib.sha256(token.encode()).hexdigest()[:12]} if token else {}
    line = {"time": round(time.time(), 3), "event": what} | about | facts
    sys.stderr.write(json.dumps(line) + "\n")
    sys.stderr.flush()
