"""Sizes, names, first sentences: what every hand-written file keeps to."""

import ast
import re
from collections.abc import Iterator

from tests.house.files import texts, told

MOST_LINES = 400
WRITTEN_BY_HAND = {
    "service/": (".py",),
    "migrations/": (".py",),
    "tests/": (".py",),
    "web/templates/": (".html",),
    "web/static/js/": (".js",),
    "web/styles/": (".css", ".scss", ".mjs"),
}
EMPTY_NAMES = {"common", "handler", "handlers", "helper", "helpers", "manager", "managers", "misc", "service", "util", "utils"}
"""Names that say nothing of what is found there."""

EMPTY_ENDINGS = re.compile(r"(Handler|Helper|Manager|Service|Utils?)$")
EMPTY_VERBS = re.compile(r"^_?(do|handle|process)_")
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b(?!.*#\d+)")


def hand_written() -> Iterator[tuple[str, str]]:
    for folder, suffixes in WRITTEN_BY_HAND.items():
        yield from ((path, text) for path, text in texts(*suffixes, under=[folder]) if not path.endswith(".min.js"))


def too_long(path: str, text: str) -> Iterator[str]:
    lines = len(text.splitlines())
    if lines > MOST_LINES:
        yield f"{path}: {lines} lines, {MOST_LINES} at most"


def unfinished(path: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        if UNFINISHED.search(line):
            yield f"{path}:{number}: {line.strip()}"


def badly_named(path: str, source: str) -> Iterator[str]:
    module = path.removesuffix("/__init__.py").removesuffix(".py").rpartition("/")[2]
    if module in EMPTY_NAMES and "/" in path.removesuffix("/__init__.py"):
        yield f"{path}: {module} says nothing of what is found there"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and EMPTY_ENDINGS.search(node.name):
            yield f"{path}:{node.lineno}: {node.name} says nothing of what it is"
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and EMPTY_VERBS.search(statement.name):
            yield f"{path}:{statement.lineno}: {statement.name}: use a verb of the domain"


def unsaid(path: str, source: str) -> Iterator[str]:
    """A module, a public class and a public function of the service each open with a sentence."""
    tree = ast.parse(source)
    if not ast.get_docstring(tree):
        yield f"{path}: does not open with a sentence that says what is found here"
    if not path.startswith("service/"):
        return
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node):
            yield f"{path}:{node.lineno}: {node.name} has no sentence that says what it is"


def untyped(path: str, source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            asked = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
            missing = [found.arg for found in asked if found and not found.annotation and found.arg not in ("self", "cls")]
            missing += [] if node.returns else ["what it returns"]
            if missing:
                yield f"{path}:{node.lineno}: {node.name}: no type for {', '.join(missing)}"


def test_no_file_is_too_long() -> None:
    found = [complaint for path, text in hand_written() for complaint in too_long(path, text)]
    assert not found, told(found, "Two things live in one file: part them.")


def test_nothing_is_left_unfinished_without_an_issue() -> None:
    found = [complaint for path, text in hand_written() for complaint in unfinished(path, text)]
    assert not found, told(found, "Name the issue that will finish this, as #12, or finish it.")


def test_names_say_what_is_found_there() -> None:
    found = [complaint for path, text in texts(".py", under=["service/", "tests/"]) for complaint in badly_named(path, text)]
    assert not found, told(found, "Choose a word of the domain:")


def test_everything_public_says_what_it_is() -> None:
    found = [complaint for path, text in texts(".py", under=["service/", "migrations/", "tests/"]) for complaint in unsaid(path, text)]
    assert not found, told(found, "Add one sentence to each:")


def test_every_function_is_typed() -> None:
    found = [complaint for path, text in texts(".py", under=["service/", "migrations/"]) for complaint in untyped(path, text)]
    assert not found, told(found, "Add the types:")


def test_broken_files_are_noticed() -> None:
    assert [*too_long("service/a.py", "\n" * 401)]
    assert [*unfinished("service/a.py", "# TO" + "DO later")]
    assert [*badly_named("service/feedback/utils.py", "")]
    assert [*badly_named("service/a.py", "class MailManager: ...")]
    assert [*badly_named("service/a.py", "def process_mail() -> None: ...")]
    assert [*unsaid("service/a.py", "x = 1")]
    assert [*unsaid("service/a.py", '"""Mail."""\ndef send() -> None: ...')]
    assert [*untyped("service/a.py", "def send(mail): ...")]


def test_good_files_are_let_through() -> None:
    source = '"""Mail."""\n\n\nclass Letter:\n    """One letter."""\n\n    def send(self, *, on: date) -> None: ...  # TO' + "DO #12\n"
    for rule in (too_long, unfinished, badly_named, unsaid, untyped):
        assert not [*rule("service/mail.py", source)], rule.__name__
