"""How long a wrong password makes the next try wait."""

from humanpose.server.guesses import Guesses


def right_after(guesses: Guesses, wrong: int, address: str = "192.0.2.1") -> float:
    for _ in range(wrong):
        guesses.note_wrong(address, now_s=100.0)
    return guesses.wait_s(address, now_s=100.0)


def test_three_slips_are_free_and_then_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    waits = [right_after(Guesses(), wrong) for wrong in (0, 3, 4, 5, 6, 50)]
    assert waits == [0, 0, 2, 4, 8, 900]


def test_the_right_password_and_a_day_without_a_try_forgive() -> None:
    guesses = Guesses()
    assert right_after(guesses, 10) > 60
    assert guesses.wait_s("192.0.2.1", now_s=100 + 24 * 3600) == 0
    guesses.note_right("192.0.2.1")
    assert guesses.wait_s("192.0.2.1", now_s=100) == 0


def test_one_household_counts_as_one_address() -> None:
    guesses = Guesses()
    assert right_after(guesses, 8, "2001:db8::1") > 0
    assert guesses.wait_s("2001:db8::ffff", now_s=100) > 0
    assert guesses.wait_s("2001:db8:0:1::1", now_s=100) == 0


def test_a_day_of_guessing_from_everywhere_is_some_thousand_tries() -> None:
    guesses, tried = Guesses(), 0
    for second in range(24 * 3600):
        address = f"10.0.{second % 65_536 // 256}.{second % 256}"
        if guesses.wait_s(address, now_s=second) == 0:
            guesses.note_wrong(address, now_s=second)
            tried += 1
    assert tried <= 60 + 24 * 3600 / 20 + 1


def test_what_is_remembered_of_addresses_is_bounded() -> None:
    guesses = Guesses()
    for number in range(12_000):
        guesses.note_wrong(f"10.0.{number // 256}.{number % 256}", now_s=number * 1e4)
    assert len(guesses._slips._of) <= 10_000
