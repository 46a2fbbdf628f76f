"""The list of sentences to translate holds every sentence of the pages, and no other."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from tests.house.files import ROOT, texts

LIST = ROOT / "web" / "locale" / "messages.pot"
EXTRACT = ["--quiet", "extract", "--mapping-file=pyproject.toml", "--omit-header", "--add-location=file", "--sort-output"]


def collect(into: Path, folder: Path = ROOT) -> None:
    """Writes the list anew, as `make words` does."""
    command = [sys.executable, "-m", "babel.messages.frontend", *EXTRACT, f"--output-file={into}", "service", "web/templates"]
    subprocess.run(command, cwd=folder, check=True)


def sentences(path: Path) -> set[tuple[str | None, str]]:
    """Context and words of every message; a plural's two forms as one."""
    with path.open("rb") as file:
        return {(found.context, str(found.id)) for found in read_po(file) if found.id}


def test_list_of_sentences_is_complete(tmp_path: Path) -> None:
    collect(tmp_path / "now.pot")
    now, listed = sentences(tmp_path / "now.pot"), sentences(LIST)
    assert now == listed, f"Run `make words`. New: {sorted(now - listed, key=str)[:5]}. Gone: {sorted(listed - now, key=str)[:5]}."


def spoken(code: str) -> Iterator[str]:
    """The sentences that are given to gettext in this Python, also where Babel does not look: between the braces of an f-string."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_", "ngettext"):
            given = node.args[: 2 if node.func.id == "ngettext" else 1]
            yield from (one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str))


def test_sentence_between_braces_is_in_the_list_too() -> None:
    assert list(spoken("f\"{_('nothing')}\"")) == ["nothing"]
    with LIST.open("rb") as file:
        listed = {words for found in read_po(file) for words in (found.id if isinstance(found.id, tuple) else (found.id,))}
    lost = {f"{path}: {words}" for path, code in texts(".py", under=("service/",)) for words in spoken(code) if words not in listed}
    assert not lost, f"Take these out of the f-string: {sorted(lost)}"


def test_new_sentence_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8"), "utf-8")
    (tmp_path / "service").mkdir()
    (tmp_path / "service" / "a.py").write_text('title = N_("Said in Python")', "utf-8")
    (tmp_path / "web" / "templates" / "a").mkdir(parents=True)
    (tmp_path / "web" / "templates" / "a" / "b.html").write_text('{{ pgettext("of a page", "Said in a page") }}', "utf-8")
    collect(tmp_path / "now.pot", tmp_path)
    assert sentences(tmp_path / "now.pot") == {(None, "Said in Python"), ("of a page", "Said in a page")}


def within_f_strings(source: str) -> list[str]:
    """Sentences that are spoken within an f-string, where nobody collects them."""
    strings = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.JoinedStr)]
    calls = [call for string in strings for call in ast.walk(string) if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)]
    named = [call for call in calls if call.func.id in ("_", "N_", "ngettext", "pgettext")]  # type: ignore[attr-defined]
    return [str(one.value) for call in named for one in call.args if isinstance(one, ast.Constant)]


def test_no_sentence_hides_in_an_f_string() -> None:
    assert within_f_strings("""words = f"{_('Not collected')}, {_(KNOWN)}, {plain('Elsewhere')}" """) == ["Not collected"]
    hidden = {path: found for path, text in texts(".py", under=["service/"]) if (found := within_f_strings(text))}
    assert not hidden
