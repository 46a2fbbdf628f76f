"""What is wrong with a page: what the browser complains of, what axe finds, what overflows, what is too small to hit."""

from collections.abc import Collection
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request, Response, WebError

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """([tags, colours]) => {
  if (!window.axe) return null;
  const ours = ({tags: its}) => its.some(tag => tags.includes(tag));
  const rules = colours ? axe.getRules(["cat.color"]).filter(ours).map(({ruleId}) => ruleId) : tags;
  return axe.run(document, {runOnly: rules, resultTypes: ["violations"]}).then(found => found.violations);
}"""

OF_A_SIZE = ["css-orientation-lock", "scrollable-region-focusable", "target-size"]
"""The rules of axe that ask how large something is, and where. Those of colours apart, the others ask what there is, and what is shown."""

LOOK = """async ([tags, ofSize]) => {
  if (!window.axe) return null;
  const looked = (window.lookedAt ??= { shown: null, painted: {} });
  const ours = ({tags: its}) => its.some(tag => tags.includes(tag));
  const colours = axe.getRules(["cat.color"]).filter(ours).map(({ruleId}) => ruleId);
  const run = async (where, options) => (await axe.run(where, {resultTypes: ["violations"], ...options})).violations;
  const shown = new Set([...document.querySelectorAll("*")].filter(one => one.checkVisibility({visibilityProperty: true})));
  const look = one => {
    const style = getComputedStyle(one);
    const {color, backgroundColor, backgroundImage, opacity, textShadow, filter, mixBlendMode} = style;
    const {fontWeight, textDecorationLine, borderBottomStyle, position} = style;
    const how = [color, backgroundColor, backgroundImage, opacity, textShadow, filter, mixBlendMode];
    return {size: parseFloat(style.fontSize), paint: [...how, fontWeight, textDecorationLine, borderBottomStyle, position].join("|")};
  };
  const found = [];
  const sameIsShown = looked.shown && !shown.symmetricDifference(looked.shown).size;
  const scheme = matchMedia("(prefers-color-scheme: dark)").matches;
  const before = looked.painted[scheme];
  const paints = new Map([...shown].map(one => [one, look(one)]));
  const all = {runOnly: {type: "tag", values: tags}, rules: Object.fromEntries(colours.map(rule => [rule, {enabled: !before}]))};
  if (!before) {
    const options = sameIsShown ? {runOnly: colours} : all;
    const seen = await axe.run(document, {...options, resultTypes: ["violations", "incomplete"], elementRef: true});
    found.push(...seen.violations.map(rule => ({...rule, nodes: rule.nodes.map(({element, ...node}) => node)})));
    const unsure = seen.incomplete.filter(rule => colours.includes(rule.id));
    for (const rule of unsure) for (const {element} of rule.nodes) paints.delete(element);
    looked.painted[scheme] = paints;
  } else if (!sameIsShown) found.push(...await run(document, all));
  if (sameIsShown && looked.width !== innerWidth) found.push(...await run(document, {runOnly: ofSize}));
  looked.shown = shown;
  looked.width = innerWidth;
  if (before) {
    const same = (was, is) => was && was.paint === is.paint && was.size <= is.size;
    const other = new Set([...paints].filter(([one, is]) => !same(before.get(one), is)).map(([one]) => one));
    const outermost = [...other].filter(one => { do one = one.parentElement; while (one && !other.has(one)); return !one; });
    if (outermost.length) found.push(...await run({include: outermost}, {runOnly: colours}));
  }
  return found;
}"""

TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const tooFar = one => {
    const box = one.getBoundingClientRect();
    return box.width && (box.right > room + 1 || box.left < -1);
  };
  const words = one => [...one.childNodes].filter(node => node.nodeType === 3).map(node => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return range;
  });
  const out = [...document.querySelectorAll("body *")].filter(one =>
    (tooFar(one) || words(one).some(tooFar)) && ![...one.children].some(tooFar));
  const width = `scrolls sideways: ${document.documentElement.scrollWidth} in ${room}`;
  return [width, ...out.slice(0, 5).map(one => one.outerHTML.replace(/\\s+/g, " ").slice(0, 120))];
}"""

TOO_SMALL = """least => {
  const isText = node => node.textContent.trim() && (node.nodeType === 3 || getComputedStyle(node).display === "inline");
  const inSentence = link => link.tagName === "A" && getComputedStyle(link).display === "inline"
    && [...link.parentElement.childNodes].some(node => node !== link && isText(node));
  return [...document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])")]
    .filter(one => !one.matches(".govuk-skip-link, .vh[aria-hidden=true] *") && !inSentence(one))
    .map(one => [one, one.getBoundingClientRect()])
    .filter(([one, box]) => box.width && (box.width < least || box.height < least))
    .map(([one, box]) => `${Math.round(box.width)} by ${Math.round(box.height)}: ${one.outerHTML.replace(/\\s+/g, " ").slice(0, 120)}`);
}"""

NO_EDGE = """() => [...document.querySelectorAll("button, .btn, select, textarea, input:not([type=hidden], [type=radio], [type=checkbox])")]
  .filter(one => one.checkVisibility() && !one.closest("[aria-hidden=true]") && !one.matches("[type=file]"))
  .filter(one => {
    const style = getComputedStyle(one);
    const edges = ["Top", "Right", "Bottom", "Left"].some(side => parseFloat(style[`border${side}Width`]) > 0);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return !edges && !outlined && !style.textDecorationLine.includes("underline");
  })
  .map(one => `no edge in forced colours: ${one.outerHTML.replace(/\\s+/g, " ").slice(0, 120)}`)"""

MOVES = "() => document.getAnimations().map(one => `moves: ${one.effect?.target?.outerHTML.slice(0, 120)}`)"

LEFT_BEHIND = """async () => {
  const isPublic = path => path.startsWith("/static/") || path === "/offline" || /^\\/offline\\/[^/]+\\/(tell|log)$/.test(path);
  const kept = [];
  for (const name of await caches.keys()) {
    for (const one of await (await caches.open(name)).keys()) kept.push(new URL(one.url).pathname);
  }
  const workers = await navigator.serviceWorker.getRegistrations();
  const ours = found => {
    const worker = found.active ?? found.waiting ?? found.installing;
    return worker === null || new URL(worker.scriptURL).pathname === "/sw.js";
  };
  return {
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    "caches that no file of the site fills": kept.filter(path => !isPublic(path)).length,
    "workers of another kind": workers.filter(worker => !ours(worker)).length,
  };
}"""


class Watch:
    """Hears what goes wrong in a browser: errors, policy reports, dialogs, foreign requests, files that are missing."""

    def __init__(self, context: BrowserContext, origin: str, *, gone: Collection[str] = ()) -> None:
        """`gone`: where this browser was before; what a worker from there still says is not of this page."""
        self.origin = origin
        self.gone = tuple(f"{one}/" for one in gone if one != origin)
        self._found: list[str] = []
        self._failed: list[tuple[str, str]] = []
        self._refusals: set[str] = set()
        self._hears: dict[Any, Any] = {
            "console": self._console,
            "weberror": self._error,
            "dialog": self._dialog,
            "request": self._request,
            "response": self._response,
        }
        for what, hear in self._hears.items():
            context.on(what, hear)

    def ends(self, context: BrowserContext) -> None:
        """What comes later is another's to hear."""
        for what, hear in self._hears.items():
            context.remove_listener(what, hear)

    def complaints(self) -> list[str]:
        """Everything that was heard, except that a page itself, or a form sent by a script, was refused (a 500 is no refusal)."""
        return self._found + [words for words, address in self._failed if address not in self._refusals]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning") or message.location["url"].startswith(self.gone):
            return
        words = f"{message.type}: {message.text} ({message.location['url']})"
        if message.text.startswith("Failed to load resource"):
            self._failed.append((words, message.location["url"]))
        else:
            self._found.append(words)

    def _error(self, error: WebError) -> None:
        self._found.append(f"uncaught: {error.error}")

    def _dialog(self, dialog: Dialog) -> None:
        self._found.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:", *self.gone)):
            self._found.append(f"foreign: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status < 400 or response.url.startswith(self.gone):
            return
        asked = response.request
        passed_on = asked.service_worker is not None and "text/html" in asked.headers.get("accept", "")
        if (asked.is_navigation_request() or passed_on or "said-queue" in asked.headers) and response.status != 500:
            self._refusals.add(response.url)
        else:
            self._found.append(f"{response.status}: {response.url}")


def axe(page: Page, *, colours: bool = False) -> list[str]:
    """What axe finds; or what it finds wrong with colours alone."""
    return _found(page, RUN, [RULES, colours])


def axe_anew(page: Page) -> list[str]:
    """What axe finds, of what it has not yet seen of this page: a page is looked at in one width after the other, light and dark.

    The first time, everything; in other colours the colours. In another width, everything again where something else is shown than
    before, and otherwise what is a matter of size; and the colours of whatever is painted in others, smaller, or placed in another way.
    """
    return _found(page, LOOK, [RULES, OF_A_SIZE])


def _found(page: Page, ask: str, asked: list[Any]) -> list[str]:
    """`evaluate` brings axe in under the strict policy, which forbids a script tag; once for each page that is opened."""
    page.wait_for_load_state()
    found: list[dict[str, Any]] | None = page.evaluate(ask, asked)
    if found is None:
        page.evaluate(AXE)
        found = page.evaluate(ask, asked)
    assert found is not None
    return [f"{rule['id']}: {' '.join((node['failureSummary'] + node['html'])[:400].split())}" for rule in found for node in rule["nodes"]]


def too_wide(page: Page) -> list[str]:
    """What makes a page scroll sideways. A page that is only on its way has no width yet."""
    page.wait_for_load_state()
    return list(page.evaluate(TOO_WIDE))


def too_small(page: Page, least: int = 24) -> list[str]:
    """What is meant to be hit and is smaller than this; not what nobody sees. Links inside a sentence are exempt (WCAG 2.5.8)."""
    return list(page.evaluate(TOO_SMALL, least))


def too_wide_with_big_letters(page: Page) -> list[str]:
    """What makes a page scroll sideways when somebody makes the letters twice as big (WCAG 1.4.4)."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found = too_wide(page)
    page.evaluate("document.documentElement.style.fontSize = ''")
    return found


def without_an_edge(page: Page) -> list[str]:
    """What cannot be told from the page around it where people choose their own colours; and what moves though they asked for stillness."""
    page.emulate_media(forced_colors="active")
    found = list(page.evaluate(NO_EDGE)) + list(page.evaluate(MOVES))
    page.emulate_media(forced_colors="none")
    return found


def left_behind(page: Page) -> list[str]:
    """What the site left in this browser: cookies, storage, caches, workers.

    The form works without signal, so its worker may keep public files and empty forms (`test_leaving.py` walks all other pages, where
    there is no worker at all).
    """
    cookies = [f"cookie {cookie.get('name')} of {cookie.get('domain')}" for cookie in page.context.cookies()]
    return cookies + [f"{count} in {where}" for where, count in page.evaluate(LEFT_BEHIND).items() if count]


def path_of(page: Page) -> str:
    """Where the page is, without the server."""
    parts = urlsplit(page.url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
