"""Receipt codes: 16 characters that cannot be guessed, and one that notices a slip of the pen."""

from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.feedback.models import FeedbackIn, Share
from service.feedback.receipts import ALPHABET, PUBLIC, check_character, code_for, fingerprints, hashes_of, shown, stored_hash, typed
from service.server_keys import ServerKey, ServerKeys

KEY = ServerKey(1, b"k" * 32)
HILLSIDE, AMBER_VALE = UUID(int=1), UUID(int=2)
SENT = b"the idempotency key"
CODE = code_for(KEY, HILLSIDE, PUBLIC, SENT)
NOT_NOTICED = {"0", "Z"}
"""Neighbours that the check mistakes for each other when they are swapped: the only pair among 32 letters."""

codes = st.text(ALPHABET, min_size=16, max_size=16).map(lambda letters: letters + check_character(letters))
server_keys = st.builds(ServerKey, st.integers(1, 9), st.binary(min_size=32, max_size=32))


@given(server_keys, st.uuids(), st.binary(min_size=1, max_size=16), st.binary(min_size=1, max_size=200))
def test_every_code_has_seventeen_letters_of_the_alphabet_and_can_be_typed(key: ServerKey, place: UUID, space: bytes, sent: bytes) -> None:
    code = code_for(key, place, space, sent)
    assert len(code) == 17 and set(code) <= set(ALPHABET)
    assert typed(code) == code


def test_alphabet_leaves_out_what_is_mistaken_for_something_else() -> None:
    assert len(set(ALPHABET)) == 32 and not set(ALPHABET) & set("ILOU")


def test_code_is_shown_in_four_groups() -> None:
    assert shown("ABCDEFGHJKMNPQRST") == "ABCD-EFGH-JKMN-PQRST"


# ---- slips of the pen ------------------------------------------------------------------------------------------------


@given(codes, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_any_one_wrong_letter_is_noticed(code: str, place: int, letter: str) -> None:
    wrong = code[:place] + letter + code[place + 1 :]
    assert typed(wrong) == (code if letter == code[place] else None)


@given(codes, st.integers(0, 15))
@example("0Z" + "7" * 14 + check_character("0Z" + "7" * 14), 0)
def test_swapped_neighbours_are_noticed_unless_they_are_0_and_z(code: str, place: int) -> None:
    first, second = code[place], code[place + 1]
    swapped = code[:place] + second + first + code[place + 2 :]
    missed = first == second or {first, second} == NOT_NOTICED
    assert (typed(swapped) is not None) == missed


@given(codes, st.integers(0, 16))
def test_a_letter_too_few_or_too_many_is_noticed(code: str, place: int) -> None:
    assert typed(code[:place] + code[place + 1 :]) is None
    assert typed(code[:place] + "7" + code[place:]) is None


# ---- what is forgiven ------------------------------------------------------------------------------------------------

looks = {"0": "0oO", "1": "1iIlL"}
gaps = st.sampled_from(["", " ", "-", "  ", " - ", "\u2013", "\u00a0", "\n", "."])


@given(st.data(), codes)
def test_case_spaces_and_hyphens_do_not_matter_and_lookalikes_are_read_as_digits(data: st.DataObject, code: str) -> None:
    written = "".join(
        data.draw(gaps) + data.draw(st.sampled_from(looks.get(letter, letter + letter.lower()))) for letter in code
    ) + data.draw(gaps)
    assert typed(written) == code


@given(st.text(max_size=60))
@example("\x00" * 17)
@example("\ud800" * 17)
@example("٣" * 17)
@example("Ⅷ" * 17)
@example("U" * 17)
def test_anything_else_is_no_code_and_raises_nothing(text: str) -> None:
    found = typed(text)
    assert found is None or (len(found) == 17 and set(found) <= set(ALPHABET))


def test_a_letter_outside_the_alphabet_is_no_code() -> None:
    assert typed("U" + CODE[1:]) is None


# ---- what a code depends on ------------------------------------------------------------------------------------------


@given(server_keys, st.uuids(), st.binary(min_size=1, max_size=40))
def test_same_key_makes_the_same_code(key: ServerKey, place: UUID, sent: bytes) -> None:
    assert code_for(key, place, PUBLIC, sent) == code_for(ServerKey(key.version, key.secret), place, PUBLIC, sent)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(code_for(KEY, AMBER_VALE, PUBLIC, SENT), id="another collaboration"),
        pytest.param(code_for(KEY, HILLSIDE, UUID(int=3).bytes, SENT), id="another sender"),
        pytest.param(code_for(KEY, HILLSIDE, PUBLIC, SENT + b"!"), id="another idempotency key"),
        pytest.param(code_for(ServerKey(2, b"l" * 32), HILLSIDE, PUBLIC, SENT), id="another version of the server key"),
        pytest.param(code_for(KEY, HILLSIDE, PUBLIC + SENT[:1], SENT[1:]), id="the same bytes, cut elsewhere"),
    ],
)
def test_everything_that_a_code_is_made_of_makes_another_code(other: str) -> None:
    assert other != CODE


# ---- what is stored --------------------------------------------------------------------------------------------------


def test_what_is_stored_is_neither_the_code_nor_the_idempotency_key() -> None:
    stored = stored_hash(KEY, HILLSIDE, CODE)
    assert len(stored) == 64
    assert CODE.lower() not in stored.lower() and SENT.hex() not in stored


def test_what_is_stored_depends_on_the_server_key_and_the_collaboration() -> None:
    other_key, other_place = stored_hash(ServerKey(1, b"l" * 32), HILLSIDE, CODE), stored_hash(KEY, AMBER_VALE, CODE)
    assert len({stored_hash(KEY, HILLSIDE, CODE), other_key, other_place}) == 3


def test_a_code_that_cannot_be_right_is_looked_up_with_the_same_work() -> None:
    keys = ServerKeys([KEY, ServerKey(2, b"l" * 32)])
    right, wrong = hashes_of(keys, HILLSIDE, CODE), hashes_of(keys, HILLSIDE, "no code at all")
    assert len(right) == len(wrong) == 2 and all(len(found) == 64 for found in wrong)
    assert stored_hash(KEY, HILLSIDE, CODE) in right and not set(right) & set(wrong)


def test_every_kept_server_key_has_its_fingerprint_the_newest_first() -> None:
    keys = ServerKeys([KEY, ServerKey(2, b"l" * 32)])
    found = fingerprints(keys, HILLSIDE, PUBLIC, SENT, FeedbackIn(body="The bench has gone."))
    assert [print_.version for print_ in found] == [2, 1]
    assert found[1].code == CODE and found[1].key_hash == stored_hash(KEY, HILLSIDE, CODE)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (FeedbackIn(body="The bench has gone."), FeedbackIn(body="  The bench has gone.  "), True),
        (FeedbackIn(body="The bench has gone."), FeedbackIn(body="The bench has gone.", share=Share.TEAM_ONLY), True),
        (FeedbackIn(body="The bench has gone."), FeedbackIn(body="The bench has gone.", area="hill-road"), False),
        (FeedbackIn(body="The bench has gone."), FeedbackIn(want="The bench has gone."), False),
        (FeedbackIn(body="The bench has gone."), FeedbackIn(body="The bench has gone.", share=Share.WORDS_PUBLIC), False),
    ],
)
def test_two_messages_are_the_same_when_every_field_is(first: FeedbackIn, second: FeedbackIn, same: bool) -> None:
    prints = [fingerprints(ServerKeys([KEY]), HILLSIDE, PUBLIC, SENT, message)[0].body_hash for message in (first, second)]
    assert (prints[0] == prints[1]) == same


def test_what_is_stored_of_the_words_cannot_be_guessed_without_the_server_key() -> None:
    yes = FeedbackIn(body="Yes")
    hashes = {fingerprints(ServerKeys([key]), HILLSIDE, PUBLIC, SENT, yes)[0].body_hash for key in (KEY, ServerKey(1, b"l" * 32))}
    assert len(hashes) == 2
