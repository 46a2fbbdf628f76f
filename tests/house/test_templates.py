"""Templates: every word can be translated, nothing runs or is styled inside the page, nothing escapes escaping, fragments are whole."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from jinja2 import Environment, TemplateSyntaxError, nodes

from tests.house.files import texts, told

ENVIRONMENT = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
TRANSLATE = {"_", "gettext", "ngettext", "npgettext", "pgettext"}
READ_ALOUD = {"alt", "label", "placeholder", "title"} | {
    f"aria-{name}" for name in ("description", "label", "roledescription", "valuetext")
}
"""Attributes whose words a person meets."""

UNTRANSLATED = {"code", "kbd", "samp", "script", "style"}
"""Elements whose words are for a machine. Elsewhere `translate="no"` says so."""

ATTRIBUTE = re.compile(r"\s*[\w-]+(?:=\"[^\"]*\")?\s*")
"""What a macro that is called inside a tag consists of."""

MAY_BE_SAFE = {"web/templates/ui.html"}
SENTENCE = re.compile(r"^[A-Z][a-z]+(?:[ ,.!?'’]|$)")


class Page(HTMLParser):
    """Reads the HTML around the template's own marks, and lists what breaks the rules."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.line = 1
        self.inside: list[str] = []

    def _say(self, words: str) -> None:
        self.found.append(f"{self.line}: {words}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNTRANSLATED or ("translate", "no") in attrs:
            self.inside.append(tag)
        names = {name for name, _value in attrs}
        if tag == "style" or "style" in names:
            self._say("inline style: the content policy refuses it")
        if tag == "script" and "src" not in names:
            self._say("inline script: the content policy refuses it")
        for name, value in attrs:
            if name.startswith("on"):
                self._say(f"{name}: scripts are bound by data- attributes")
            if name.startswith("hx-"):
                self._say(f"{name}: written data-{name}")
            if value and value.strip().lower().startswith("javascript:"):
                self._say(f"{name}: a script in an address")
            if name in READ_ALOUD and has_words(value or ""):
                self._say(f'{name}="{value}": words that cannot be translated')

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside and has_words(data):
            self._say(f"{data.strip()[:60]!r}: words that cannot be translated")


def has_words(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def broken_html(source: str) -> Iterator[str]:
    """What the HTML of a template does wrong; expressions and `trans` blocks are left out."""
    page, translated, opening = Page(), False, False
    for line, kind, value in ENVIRONMENT.lex(source):
        if kind == "block_begin":
            opening = True
        elif opening and kind == "name":
            translated = value in ("trans", "pluralize") or (translated and value != "endtrans")
            opening = False
        elif kind == "data" and not translated:
            page.line = line
            page.feed(f"<x {value}>" if not page.rawdata and value.strip() and ATTRIBUTE.fullmatch(value) and "=" in value else value)
    page.close()
    yield from page.found


def broken_expressions(path: str, source: str) -> Iterator[str]:
    """Words handed to a macro without gettext; and whatever turns escaping off."""
    tree = ENVIRONMENT.parse(source)
    for found in tree.find_all(nodes.Filter):
        if found.name in ("safe", "forceescape") and path not in MAY_BE_SAFE:
            yield f"{found.lineno}: |{found.name}: only ui.html may, for its own shapes"
    for options in tree.find_all(nodes.EvalContextModifier):
        if any(option.key == "autoescape" for option in options.options):
            yield f"{options.lineno}: autoescape stays on"
    translated = {
        id(inner)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATE
        for inner in call.find_all(nodes.Const)
    }
    compared = {id(inner) for compare in tree.find_all(nodes.Compare) for inner in compare.find_all(nodes.Const)}
    for constant in tree.find_all(nodes.Const):
        if isinstance(constant.value, str) and id(constant) not in translated | compared and SENTENCE.match(constant.value):
            yield f"{constant.lineno}: {constant.value!r}: words that cannot be translated"


def complaints(path: str, source: str) -> Iterator[str]:
    try:
        ENVIRONMENT.parse(source)
    except TemplateSyntaxError as error:
        yield f"{path}:{error.lineno}: {error.message}"
        return
    yield from (f"{path}:{found}" for found in broken_html(source))
    yield from (f"{path}:{found}" for found in broken_expressions(path, source))


# ---- fragments -------------------------------------------------------------------------------------------------------


def offered_fragments(source: str) -> Iterator[tuple[int, str, str]]:
    """Line, template and block of everything that a module of pages lets htmx ask for alone."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "page":
            template = next((found.value for found in call.args if isinstance(found, ast.Constant)), "")
            for option in call.keywords:
                if option.arg == "fragments":
                    yield from ((call.lineno, str(template), str(name)) for name in ast.literal_eval(option.value))


def block_of(source: str, name: str) -> str | None:
    """What stands between the marks of a block."""
    found = re.search(rf"{{%-?\s*block {name}\b[^%]*%}}(.*?){{%-?\s*endblock", source, re.DOTALL)
    return found[1] if found else None


def broken_fragment(template: str, name: str) -> str | None:
    """A fragment is a block with one element in it, whose id is the block's name with hyphens."""
    block = block_of(template, name)
    if block is None:
        return f"there is no block {name}"
    inner = re.sub(r"{#.*?#}|{%.*?%}", "", block, flags=re.DOTALL).strip()
    opened = re.match(r"<(\w+)[^>]*\bid=\"([\w-]+)\"", inner)
    if not opened or opened[2] != name.replace("_", "-"):
        return f'block {name} does not begin with an element id="{name.replace("_", "-")}"'
    return None if inner.endswith(f"</{opened[1]}>") else f"block {name} holds more than one element"


# ---- the rules, and that they bite -----------------------------------------------------------------------------------


def test_templates_keep_the_rules() -> None:
    found = [complaint for path, source in texts(".html", under=["web/templates/"]) for complaint in complaints(path, source)]
    assert not found, told(found, "Wrap words in _(), bind scripts by data- attributes, leave escaping on:")


def test_every_offered_fragment_is_a_block_with_its_id() -> None:
    templates = {path.removeprefix("web/templates/"): source for path, source in texts(".html", under=["web/templates/"])}
    found = [
        f"{path}:{line}: {template}: {words}"
        for path, source in texts("pages.py", under=["service/"])
        for line, template, name in offered_fragments(source)
        if (words := broken_fragment(templates.get(template, ""), name))
    ]
    assert not found, told(found, "htmx asks for a block by the id of the one element in it:")


def test_each_breach_is_noticed() -> None:
    broken = [
        "<p>Hello</p>",
        "<p>{{ name }} said</p>",
        '<input placeholder="Your name">',
        '<a aria-label="Close{% if x %}{% endif %}"></a>',
        '<p style="color: red"></p>',
        "<style>p { }</style>",
        "<script>go()</script>",
        '<a onclick="go()"></a>',
        '<a href="javascript:go()"></a>',
        '<a hx-get="/x"></a>',
        "{{ words | safe }}",
        "{% autoescape false %}{{ words }}{% endautoescape %}",
        '{{ ui.button("Send it") }}',
        "{% trans %}Hello{% endtrans %}<p>there</p>",
        "{% macro a(none) %}{% endmacro %}",
    ]
    assert not [source for source in broken if not [*complaints("web/templates/a.html", source)]]


def test_good_templates_are_let_through() -> None:
    fine = [
        '<p class="big">{{ _("Hello") }} &larr; 12</p>',
        '<p title="{{ _("Hello") }}" data-hx-get="{{ url("a") }}"></p>',
        "{% trans count=n %}One message{% pluralize %}{{ count }} messages{% endtrans %}",
        '<script src="{{ static("js/said.js") }}" defer></script>',
        '{{ ui.button(_("Send it"), "btn wide") }}{# A comment #}',
        '<a{% if here %} aria-current="page"{% endif %}>{{ name }}</a>',
        '{% macro current(here) %}{% if here %} aria-current="page"{% endif %}{% endmacro %}',
        "<pre><code>said demo</code></pre>",
    ]
    assert not [complaint for source in fine for complaint in complaints("web/templates/a.html", source)]


def test_broken_fragments_are_noticed() -> None:
    good = '{% block message_list %}\n<ul id="message-list">{% for x in y %}<li></li>{% endfor %}</ul>\n{% endblock %}'
    assert broken_fragment(good, "message_list") is None
    assert broken_fragment(good, "other")
    assert broken_fragment(good.replace("message-list", "messages"), "message_list")
    assert broken_fragment(good.replace("</ul>", "</ul><p></p>"), "message_list")
    source = 'page(request, "a.html", fragments=("rows",))'
    assert [*offered_fragments(source)] == [(1, "a.html", "rows")]
