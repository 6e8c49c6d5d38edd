"""No cell of ours is a formula, and every text comes back as it was."""

import io
import json
import re

import numpy as np
import pandas as pd
import pytest

from humanpose.runtime.cells import cell_of, csv_of, json_line, words_of

FORMULAS = (
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1",
    "''-x", "=",
)  # fmt: skip
PLAIN = ("", "P07", "a=b", "'quoted'", "'", " =1", "Größe", "1.5", "x,=1")


@pytest.mark.parametrize("words", FORMULAS + PLAIN)
def test_words_come_back(words: str) -> None:
    assert words_of(cell_of(words)) == words


@pytest.mark.parametrize("words", FORMULAS)
def test_a_formula_is_text(words: str) -> None:
    assert cell_of(words).startswith("'")


@pytest.mark.parametrize("words", PLAIN)
def test_plain_words_stay(words: str) -> None:
    assert cell_of(words) == words


def test_a_table_comes_back_and_its_numbers_stay_numbers() -> None:
    table = pd.DataFrame({"=name": FORMULAS, "deg": np.linspace(-5, 5, len(FORMULAS))})
    text = csv_of(table, float_format="%.3f")
    back = pd.read_csv(io.StringIO(text, newline=""), keep_default_na=False)
    assert list(back.columns) == ["'=name", "deg"]
    assert tuple(map(words_of, back["'=name"])) == FORMULAS
    np.testing.assert_allclose(back["deg"], table["deg"], atol=1e-3)
    assert not any(cell.startswith(tuple("=+-@\t\r")) for cell in back["'=name"])


@pytest.mark.parametrize("separator", [",", ";", "\t", '"', "|"])
@pytest.mark.parametrize("sign", "=+-@")
def test_a_line_of_json_holds_no_formula_however_it_is_split(separator: str, sign: str) -> None:
    value = {"clip": f'a{separator}{sign}cmd "{sign}1" {separator}{sign}', "mass_kg": -1.5}
    line = json_line(value)
    assert json.loads(line) == value
    text = line.partition('"mass_kg"')[0]
    assert not re.search(rf'[,;\t"|]\s*{re.escape(sign)}', text)
