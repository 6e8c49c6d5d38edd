"""The models of an installation: which are there, and what their cards say."""

import re
from dataclasses import dataclass
from pathlib import Path

from humanpose.nets.places import find_checkpoint, sha256_of
from humanpose.settings import Settings

_SHA256 = re.compile(r"\b[0-9a-f]{64}\b")
_PARAMETERS = re.compile(r"([\d,.]*\d) parameters")
_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]+\)")
_PICTURE = re.compile(r"^!\[[^\]]*\]\(([^)]+)\)$", re.MULTILINE)
_DOCUMENT = re.compile(r"\.\./docs/([\w/-]+\.md)")


@dataclass(frozen=True)
class ModelCard:
    """One learned stage: its model file and its card, where they are there."""

    title: str
    option: str
    """The command line's option that switches it on."""
    path: Path
    sha256: str
    """Of the file; empty where this installation has none."""
    text: str
    """The card, Markdown; empty where there is none."""

    @property
    def shipped(self) -> bool:
        return bool(self.sha256)

    @property
    def matches(self) -> bool | None:
        """Whether the card is this file's; None where the card or the file is missing."""
        stated = _SHA256.search(self.text)
        return stated[0] == self.sha256 if stated and self.shipped else None

    @property
    def parameters(self) -> str:
        """How many weights, as the card has it; empty where it doesn't say."""
        found = _PARAMETERS.search(self.text)
        return found[1] if found else ""

    @property
    def documents(self) -> tuple[Path, ...]:
        """The pages of measured figures that the card names and that are there."""
        folder = self.path.parents[1] / "docs"
        named = dict.fromkeys(_DOCUMENT.findall(self.text))
        return tuple(folder / name for name in named if (folder / name).is_file())


def model_cards() -> tuple[ModelCard, ...]:
    """The three learned stages, in the order in which they are applied."""
    return (
        _card("Part orientation fields (POF)", "--pof", Settings.pof_model_path),
        _card("Joint refiner: joint angles", "--joint-refinement", Settings.joint_model_path),
        _card("MainRefiner: all together", "--main-refiner", Settings.main_refiner_path),
    )


def readable(markdown: str) -> list[str | Path]:
    """Markdown without its title and without links into the repository, and the pictures' names
    between its parts."""
    body = re.sub(r"\A# .*\n", "", markdown)
    parts: list[str | Path] = []
    for index, part in enumerate(_PICTURE.split(_LINK.sub(_without_link, body))):
        if part.strip():
            parts.append(Path(part) if index % 2 else part.strip())
    return parts


def _without_link(link: re.Match[str]) -> str:
    """A picture stays as it is; of a link, only the words do."""
    before = link.string[link.start() - 1 : link.start()]
    return link[0] if before == "!" else link[1]


def _card(title: str, option: str, model_path: str) -> ModelCard:
    path = find_checkpoint(model_path)
    card = path.with_suffix(".md")
    return ModelCard(
        title,
        option,
        path,
        sha256=sha256_of(path) if path.is_file() else "",
        text=card.read_text(encoding="utf-8") if card.is_file() else "",
    )
