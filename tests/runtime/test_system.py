"""What the machine must have, and what is said when it has not."""

import pytest

from humanpose.errors import SystemLibraryError
from humanpose.runtime import system


def test_this_machine_has_what_the_readme_names() -> None:
    system.require_libraries()


def test_a_missing_library_is_named_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(system, "LIBRARIES", ("libno-such-thing.so.9",))
    with pytest.raises(
        SystemLibraryError, match=r"libno-such-thing.so.9 is missing; run: sudo"
    ):
        system.require_libraries()


def test_a_process_may_be_held_to_fewer_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUMANPOSE_CORES", raising=False)
    here = system.cores()
    for given, used in (("1", 1), ("1000", here), ("0", 1), ("many", here)):
        monkeypatch.setenv("HUMANPOSE_CORES", given)
        assert system.cores() == used


def test_the_browser_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/somewhere/chrome")
    assert system.find_browser() == "/somewhere/chrome"
