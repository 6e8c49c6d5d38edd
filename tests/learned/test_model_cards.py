"""The models of the installation and their cards."""

from pathlib import Path

import pytest

from humanpose.learned.model_cards import ModelCard, model_cards, readable
from humanpose.nets import places
from humanpose.nets.checkpoint import read_tensors
from humanpose.nets.places import sha256_of
from tests.support.places import ROOT

SHIPPED = sorted((ROOT / "checkpoints").glob("*.pth"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_model_we_ship_has_a_card_with_its_hash_and_its_parameters(path: Path) -> None:
    card = next(card for card in model_cards() if card.path.name == path.name)
    assert card.sha256 == sha256_of(path)
    assert card.matches
    stored = sum(weight.numel() for weight in read_tensors(path)["state"].values())
    stated = int(card.parameters.replace(",", ""))
    assert 0.95 * stored < stated <= stored  # what is stored and not learned, such as means


def test_pof_names_the_page_of_its_figures() -> None:
    assert [path.name for path in model_cards()[0].documents] == ["pof.md"]


def test_what_is_missing_is_not_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "INSTALLATION", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert [card.shipped for card in model_cards()] == [False] * 3
    assert [card.matches for card in model_cards()] == [None] * 3
    assert model_cards()[0].parameters == ""


def test_another_files_card_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "checkpoints" / "a.pth"
    card = ModelCard("A", "--a", path, sha256="0" * 64, text=f"| sha256 | `{'1' * 64}` |")
    assert card.matches is False
    assert ModelCard("A", "--a", path, sha256="0" * 64, text="no hash").matches is None


def test_a_card_is_readable_without_the_repository() -> None:
    card = "# Title\nSee [figures](../docs/lab/pof.md), [us](https://example.org).\n![x](a.png)\nEnd."
    assert readable(card) == [
        "See figures, [us](https://example.org).", Path("a.png"), "End.",
    ]  # fmt: skip
