"""A process that says again what it was told, or misbehaves; for ``tests.server``."""

import os
import time
from typing import Any

from humanpose.errors import ClipError
from humanpose.server.answering import Tell, answer_questions
from humanpose.server.helpers import Answer


def answer(words: Any, tell: Tell) -> Answer:
    match words["do"]:
        case "say":
            os.write(1, b"what a library prints")
            return Answer(words["words"], bytes(words.get("bytes", 0)))
        case "refuse":
            raise ClipError("not this clip")
        case "sleep":
            tell("sleeping")
            time.sleep(60)
        case "eat":
            return Answer(len(bytearray(9_000_000_000)))
        case "compute":
            while True:
                pass
    return Answer(os.getpid())


if __name__ == "__main__":
    answer_questions(answer, cpu_s=5.0)
