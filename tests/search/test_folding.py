"""How words are compared: without case, accents and points, across apostrophes, and with the first letters that Welsh changes."""

import sys
import unicodedata

import pytest

from service.folding import LONGEST, MOST_ASKED, WELSH, asked, changed_forms, fold, is_welsh, words_of


def kept(*texts: str | None) -> set[str]:
    return set(fold(texts).split())


def meets(question: str, text: str, language: str | None = None) -> bool:
    """Whether a text answers a question: every part of it is there, in one of its ways."""
    words, wanted = set(fold([text], language).split()), asked(question)
    return bool(wanted) and all(any(all(word.is_in(words) for word in way) for way in either) for either in wanted)


def test_case_and_accents_do_not_matter() -> None:
    assert kept("Tŷ CAFÉ naïve Straße Łódź") == {"ty", "cafe", "naive", "strasse", "lodz"}
    assert kept(unicodedata.normalize("NFD", "Tŷ Café")) == kept(unicodedata.normalize("NFC", "Tŷ Café"))
    assert kept(None, "", "  ...  ") == set()


@pytest.mark.parametrize("mark", ["'", "\u2019", "\u02bc"])
def test_apostrophe_hides_nothing(mark: str) -> None:
    text = f"Mae{mark}n wlyb; it{mark}s John{mark}s."
    assert meets("mae", text) and meets("mae'n", text) and meets("maen", text)
    assert meets("its", text) and meets("it\u2019s", text) and meets("john", text) and meets("johns", text)
    assert not meets("it's", "it is here"), "a word with an apostrophe is one word"


def test_hyphen_parts_or_joins() -> None:
    for question in ("co-op", "coop", "co op"):
        assert meets(question, "the co-op closed")
    assert meets("wi-fi", "no wifi") and meets("wi-fi", "no wi fi") and not meets("wifi", "no wi fi")


def test_beginning_of_three_letters_finds_the_word_and_shorter_ones_only_themselves() -> None:
    assert meets("ben", "A bench.") and meets("bench", "A bench.") and not meets("benches", "A bench.")
    assert not meets("be", "A bench.") and meets("be", "to be")


def test_every_word_must_be_there() -> None:
    assert meets("surgery bench", "The bench by the surgery has gone.")
    assert not meets("surgery bus", "The bench by the surgery has gone.")
    assert not meets("!!! ... ''", "anything"), "a question without a word finds nothing"


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("cath", {"gath", "nghath", "chath"}),
        ("pont", {"bont", "mhont", "phont"}),
        ("tref", {"dref", "nhref", "thref"}),
        ("bws", {"fws", "mws"}),
        ("drws", {"ddrws", "nrws"}),
        ("gardd", {"ardd", "ngardd"}),
        ("llyfrgell", {"lyfrgell"}),
        ("meddyg", {"feddyg"}),
        ("rhiw", {"riw"}),
        ("ysgol", {"hysgol"}),
        ("gwaith", {"waith", "ngwaith"}),
    ],
)
def test_welsh_word_is_found_in_all_its_forms_and_by_each_of_them(word: str, forms: set[str]) -> None:
    for there in {word, *forms}:
        for question in {word, *forms}:
            assert meets(question, f"Yma mae {there} newydd", "cy"), f"{question} in {there}"
    assert not meets(word, f"A note on {min(forms)}.", "en"), "no English word changes its first letter"


def test_real_welsh_sentences_are_found_by_the_words_of_a_dictionary() -> None:
    told = "Mae'r fainc wrth y feddygfa wedi mynd. Mae angen mainc newydd ar fy nhad yng Nghaerdydd, a'i chi hefyd."
    for question in ("mainc", "meddygfa", "tad", "Caerdydd", "newydd", "ci"):
        assert meets(question, told) == (question != "ci"), question
    assert is_welsh(words_of([told]), None) and not is_welsh(words_of(["The bench by the surgery has gone."]), "en")


def test_english_words_do_not_change() -> None:
    assert not meets("bin", "One minute past five") and not meets("park", "The dogs bark")
    assert changed_forms("ff") == [] and "fin" in changed_forms("bin")


def test_urdu_is_found_with_and_without_points_and_in_either_spelling_of_its_letters() -> None:
    text = "ہسپتال کے پاس کوئی بنچ نہیں ہے۔ میری والدہ تھک جاتی ہیں۔"
    for question in ("ہسپتال", "بنچ", "نہیں", "والدہ", "كوئي", "بِنچ"):
        assert meets(question, text), question
    assert not meets("سکول", text)


def test_other_scripts_keep_their_words() -> None:
    assert meets("বেঞ্চ", "এখানে একটি বেঞ্চ দরকার") and meets("ławka", "Nowa ławka") and meets("лавка", "Новая лавка")
    assert meets("長椅", "長椅不見了")


def test_no_text_becomes_anything_but_plain_words() -> None:
    """Nothing that a database could read as a sign, and no mark of the index itself."""
    for start in range(0, sys.maxunicode, 4_096):
        text = "".join(map(chr, range(start, min(start + 4_096, sys.maxunicode))))
        for word in words_of([text]):
            assert all(unicodedata.category(sign)[0] in "LNM" for sign in word) and len(word) <= LONGEST
            assert WELSH not in word and word == word.casefold().strip()


def test_endless_questions_are_cut() -> None:
    assert len(asked("word " * 100_000)) == 1 and len(asked(" ".join(map(str, range(100_000))))) == MOST_ASKED
    assert meets("x" * 500, "x" * 5_000)
