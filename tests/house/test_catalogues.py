"""Each language's catalogue is whole, in step with the pages, and loses none of what a sentence holds."""

from pathlib import Path

import pytest

from service import language
from tests.house.catalogues import LIST, LOCALE, catalogues, code_of, facts, faults, in_step, needed, read

KNOWN = {"languages": {"cy": {"whole": "everything"}, "ur": {"whole": "residents"}}, "staff": {"files": ["service/desk_*.py"]}}
SENTENCES = """
#: service/desk_pages.py
msgid "For staff"
msgstr ""

#: service/pages.py
#, python-format
msgid "%(count)s message from %(place)s"
msgid_plural "%(count)s messages from %(place)s"
msgstr[0] ""
msgstr[1] ""

#: service/pages.py
#, python-format
msgid "Read <b>%(name)s</b> "
msgstr ""

#: service/desk_pages.py service/pages.py
msgid "Send"
msgstr ""

#: service/pages.py
msgid "Goes on {day}."
msgstr ""
"""
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
PLURAL = '#, python-format\nmsgid "%(count)s message from %(place)s"\nmsgid_plural "%(count)s messages from %(place)s"\n'
FORMS = [
    "%(count)s neges o %(place)s",
    "un neges o %(place)s",
    "dwy neges o %(place)s",
    "%(count)s neges o %(place)s",
    "chwe neges o %(place)s",
]
SAID = {"For staff": "I staff", "Read <b>%(name)s</b> ": "Darllen <b>%(name)s</b> ", "Send": "Anfon", "Goes on {day}.": "Mynd ar {day}."}


def catalogue(folder: Path, code: str, said: dict[str, str], forms: list[str], mark: str = "") -> tuple[Path, Path]:
    """A list of sentences and a catalogue of them."""
    listed, path = folder / "messages.pot", folder / code / "LC_MESSAGES" / "said.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    listed.write_text(HEAD + SENTENCES, "utf-8")
    numbered = "".join(f'msgstr[{n}] "{form}"\n' for n, form in enumerate(forms))
    entries = [f'{mark}msgid "{english}"\nmsgstr "{own}"\n' for english, own in said.items()]
    path.write_text("\n".join([HEAD, PLURAL + numbered, *entries]), "utf-8")
    return listed, path


def complaints(folder: Path, code: str, said: dict[str, str], forms: list[str]) -> str:
    """What is found in a catalogue that was put in step."""
    listed, path = catalogue(folder, code, said, forms)
    path.write_text(in_step(path, code, read(listed)), "utf-8")
    return "\n".join(faults(path, code, read(listed), KNOWN))


@pytest.mark.parametrize("path", catalogues(), ids=code_of)
def test_catalogue_is_whole_and_in_step(path: Path) -> None:
    """Run `make words` after a sentence was added, then translate it: docs/languages.md says how."""
    found = faults(path, code_of(path), read(LIST), facts())
    assert not found, f"{len(found)} faults\n" + "\n".join(found[:20])


def test_file_about_languages_is_right() -> None:
    known = facts()
    for code, told in known["languages"].items():
        assert language.is_language(code)
        assert told["whole"] in ("residents", "everything")
        assert bool(told["reviewed_on"]) == bool(told["reviewed_by"]), f"{code}: say both who reviewed it and when"
    everywhere = {str(path.relative_to(LOCALE.parent.parent)) for folder in ("service", "web/templates") for path in all_files(folder)}
    idle = [one for one in known["staff"]["files"] if not any(Path(path).match(one) for path in everywhere)]
    assert not idle, f"No file is named like this any more: {idle}"


def all_files(folder: str) -> list[Path]:
    return [path for path in (LOCALE.parent.parent / folder).rglob("*") if path.suffix in (".py", ".html")]


def test_sentences_for_staff_alone_are_known_by_where_they_stand(tmp_path: Path) -> None:
    listed, _path = catalogue(tmp_path, "ur", {}, ["", ""])
    assert {str(one.id) for one in needed("cy", read(listed), KNOWN)} - {str(one.id) for one in needed("ur", read(listed), KNOWN)} == {
        "For staff"
    }


def test_whole_catalogue_has_no_fault(tmp_path: Path) -> None:
    assert not complaints(tmp_path, "cy", SAID, FORMS)
    assert not complaints(
        tmp_path,
        "ur",
        {"Read <b>%(name)s</b> ": "<b>%(name)s</b> پڑھیں ", "Send": "بھیجیں", "Goes on {day}.": "{day}"},
        ["%(place)s کا", "%(count)s %(place)s"],
    )


@pytest.mark.parametrize(
    ("said", "forms", "complaint"),
    [
        ({"Send": ""}, FORMS, "'Send': is not translated"),
        ({}, ["", "", "", "", ""], "is not translated"),
        ({}, [*FORMS[:4], ""], "lacks a form"),
        ({}, [*FORMS[:4], "chwe neges"], "other places for words"),
        ({"Read <b>%(name)s</b> ": "Darllen <b>%(enw)s</b> "}, FORMS, "other places for words"),
        ({"Goes on {day}.": "Mynd ar {dydd}."}, FORMS, "other places for words"),
        ({"Read <b>%(name)s</b> ": "Darllen <b>%(name)s</b>"}, FORMS, "another space"),
        ({"Read <b>%(name)s</b> ": "Darllen %(name)s "}, FORMS, "other marks"),
        ({"Read <b>%(name)s</b> ": "Darllen 5% <b>%(name)s</b> "}, FORMS, "fills nothing in"),
    ],
)
def test_fault_is_noticed(tmp_path: Path, said: dict[str, str], forms: list[str], complaint: str) -> None:
    assert complaint in complaints(tmp_path, "cy", SAID | said, forms)


def test_catalogue_that_is_behind_or_guessed_is_noticed(tmp_path: Path) -> None:
    for said, forms, mark, complaint in (
        ({"For staff": "I staff"}, FORMS, "", "'Send': is not there"),
        (SAID, FORMS[:2], "", "lacks a form"),
        (SAID, [*FORMS, "chwech"], "", "more than 5 forms"),
        (SAID, FORMS, "#, fuzzy\n", "is a guess"),
        (SAID, FORMS, "", "does not name the 5 forms"),
        (SAID | {"Gone": "Wedi mynd"}, FORMS, "", "not in step"),
    ):
        listed, path = catalogue(tmp_path, "cy", said, forms, mark)
        assert complaint in "\n".join(faults(path, "cy", read(listed), KNOWN))
    assert "languages.toml" in faults(path, "pl", read(listed), KNOWN)[0]


def test_putting_in_step_keeps_what_was_said_and_takes_over_no_guess(tmp_path: Path) -> None:
    listed, path = catalogue(tmp_path, "cy", {"Send": "Anfon", "Gone": "Wedi mynd"}, FORMS)
    text = in_step(path, "cy", read(listed))
    assert "Anfon" in text and "Wedi mynd" not in text and "fuzzy" not in text
    listed, path = catalogue(tmp_path, "cy", {"Send": "Anfon"}, FORMS, "#, fuzzy\n")
    assert "Anfon" not in in_step(path, "cy", read(listed))


def test_welsh_counts_in_its_own_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five forms: the rest, 1, 2, 3 and 6; not the six that begin with none."""
    listed, path = catalogue(tmp_path, "cy", SAID, FORMS)
    path.write_text(in_step(path, "cy", read(listed)), "utf-8")
    monkeypatch.setattr(language, "LOCALE", tmp_path)
    language._words.cache_clear()
    one, many = "%(count)s message from %(place)s", "%(count)s messages from %(place)s"
    with language.speaking(language.Language("cy")):
        said = [language.ngettext(one, many, n, place="Bryn") for n in (0, 1, 2, 3, 6, 7)]
    language._words.cache_clear()
    assert said == ["0 neges o Bryn", "un neges o Bryn", "dwy neges o Bryn", "3 neges o Bryn", "chwe neges o Bryn", "7 neges o Bryn"]
