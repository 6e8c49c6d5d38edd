"""The words of the source, and the catalogues that have to hold just those.

$ python -m tests.catalogue    # adds new words, which are to be translated, and drops old ones
"""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from pathlib import Path

from humanpose.detection.sightings import STAGE
from humanpose.labels import MOVEMENTS, group_words, positive_direction
from humanpose.learned.model_cards import model_cards
from humanpose.measures.detectable import NOT_JUDGED, NOT_KNOWN, WITHIN_ERROR
from humanpose.measures.presets import PRESETS
from humanpose.quality.joints import BONE_NAMES, joint_words
from humanpose.settings import OPTIONS
from humanpose.settings.options import Choice, ModelFile, NumberOrWord
from humanpose.skeleton import COCO17, JOINT_GROUPS
from humanpose.ui.viewer import SAID
from humanpose.words import ENGLISH, LANGUAGES
from humanpose.words.catalogue import Catalogue
from tests.support.places import ROOT

FOLDER = ROOT / "humanpose" / "words"
TRANSLATED = tuple(language for language in LANGUAGES if language != ENGLISH)
REPORT = ROOT / "humanpose" / "assets" / "report.html"
_DOING = ("progress", "report", "tell")
_SAID = {
    "say": 1,
    "to_say": 1,
    "say_in": 1,
    "say_number": 2,
    "to_say_number": 2,
} | dict.fromkeys(_DOING, 1)
"""Function → how many of its first texts are one entry; the last say what is done now."""

_NOT_HERE = {*_SAID, "ValueError", "event"}
_VERDICTS = (
    *("measured", "inferred", "absent", "good", "fair", "poor", "untested"),
    *("before", "larger", "smaller", "A larger", "B larger", "right larger", "left larger"),
    *(WITHIN_ERROR, NOT_JUDGED, NOT_KNOWN),
)
"""What stands in tables of the files, too."""

_ENGLISH = (
    *("video/frames.py", "video/header.py", "video/opening.py", "body/clip.py"),
    *("body/start.py", "motion.py", "detection/sightings.py", "pipeline.py"),
    *("measures/cycles.py", "measures/gait.py", "measures/gait_measures.py"),
    *("measures/gait_sides.py", "measures/repetitions.py", "measures/sides.py"),
    *("batch/jobs.py", "batch/subjects.py", "io/bundle.py", "server/helpers.py"),
    *("server/jobs.py", "server/recompute.py", "server/worker.py", "settings/options.py"),
)
"""Modules whose sentences reach a reader through ``retold`` alone."""
_SENTENCE = re.compile(r"[\w{][^\n]* [^\n]* [^\n]* .*")
_TEMPLATE = re.compile(r"\bsay\(\s*\"([^\"]+)\"")

Message = tuple[str, ...]
"""A text, or singular and plural of one."""


def messages() -> set[Message]:
    """What ``say`` and the like are called with in the source, and ``tables``."""
    paths = [*ROOT.glob("humanpose/**/*.py"), *ROOT.glob("pages/*.py")]
    said = {one for path in paths for one in said_in(path.read_text("utf-8"))}
    for module in _ENGLISH:
        said |= set(sentences_in((ROOT / "humanpose" / module).read_text("utf-8")))
    said |= {(text,) for text in _TEMPLATE.findall(REPORT.read_text("utf-8"))}
    return said | {(words,) for words in tables() if any(map(str.isalpha, words))}


def tables() -> Iterator[str]:
    """What the app shows of values that the command line and files have, too."""
    yield STAGE
    for option in OPTIONS.values():
        if isinstance(option, ModelFile):
            continue
        yield from (option.title, option.help, option.default_words)
        if isinstance(option, NumberOrWord):
            yield option.word_help
        if isinstance(option, Choice):
            yield from option.words.values()
    for preset in PRESETS.values():
        yield from (preset.title, preset.about, *astuple(preset.phases))
    yield from SAID
    for movement in MOVEMENTS:
        yield movement.joint
        for clinical in (True, False):
            word = positive_direction(movement.both[0], clinical=clinical)
            yield from (word, f"{movement.joint} {word}")
    yield from map(group_words, JOINT_GROUPS)
    yield from (*map(joint_words, COCO17.joints), *BONE_NAMES)
    yield from (card.title for card in model_cards())
    yield from _VERDICTS


def said_in(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            texts = [
                arg.value
                for arg in node.args
                if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
            if count := _SAID.get(node.func.id, 0) and len(texts):
                yield tuple(texts[-_SAID[node.func.id] :][:count])


def sentences_in(source: str) -> Iterator[Message]:
    """Strings of four words and more that aren't said; f-strings with names of values."""
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    known = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id in _NOT_HERE]
    parts = [part for node in known for part in ast.walk(node)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            parts.append(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts += [part for value in node.values for part in ast.walk(value)]
    passed = set(map(id, parts))
    for node in ast.walk(tree):
        text = _text_of(node) if id(node) not in passed else ""
        if _SENTENCE.fullmatch(text) and "}{" not in text:
            yield (text,)


def _text_of(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    names: dict[str, str] = {}
    text = ""
    for part in node.values if isinstance(node, ast.JoinedStr) else ():
        if isinstance(part, ast.FormattedValue):
            code = ast.unparse(part.value)
            name = names.setdefault(code, _name_of(code, names))
            spec = part.format_spec and ast.unparse(part.format_spec)[2:-1]
            text += f"{{{name}:{spec}}}" if spec else f"{{{name}}}"
        else:
            text += _text_of(part)
    return text


def _name_of(code: str, names: Mapping[str, str]) -> str:
    """Of a value in an f-string: its own, numbered where there are several."""
    name = next(word.strip("_") for word in reversed(re.findall(r"[A-Za-z_]+", code)))
    return f"{name}{len(names)}" if name in names.values() else name


def path_of(language: str) -> Path:
    return FOLDER / f"{language}.po"


def main() -> None:
    for language in TRANSLATED:
        text = path_of(language).read_text("utf-8")
        known = Catalogue(text).entries
        entries = [_entry(one, known.get(one[0], {})) for one in sorted(messages())]
        head = text.partition("\n\n")[0].strip()
        path_of(language).write_text("\n\n".join([head, *entries]) + "\n", "utf-8")


def _entry(message: Message, known: dict[str, str]) -> str:
    names = ("msgid", "msgid_plural")
    fields = dict(zip(names, message, strict=False))
    forms = ("msgstr[0]", "msgstr[1]") if len(message) > 1 else ("msgstr",)
    fields |= {form: known.get(form, "") for form in forms}
    return "\n".join(
        f"{name} {json.dumps(text, ensure_ascii=False)}" for name, text in fields.items()
    )


if __name__ == "__main__":
    main()
