"""Who may import whom. docs/architecture.md says why; this reads every import statement and enforces it."""

import ast
import sys
from collections.abc import Iterator

from tests.house.files import ROOT, texts, told

GROUND = {
    "journal": set[str](),
    "places": {"journal"},
    "audit": {"journal", "partners", "people", "places"},
    "outbox": {"journal"},
    "people": {"journal", "outbox", "places"},
    "partners": {"journal", "places", "people"},
}
"""The features that others stand on, and what each of them stands on itself."""

TOLD_TO = {f"service.{feature}.{module}" for feature in ("journal", "audit") for module in ("actions", "models")}
"""Whoever changes something tells the journal; whoever shows what identifies somebody tells the audit."""

DOORS = ("api", "pages")
"""Modules that translate between HTTP and actions; `desk_pages` is one as well, as `import_actions` are actions, `desk_queries` queries."""

SHOWN = {"counts", "guards", "models", "published", "queries", "removal", "rules"}
"""What a feature shows to other features: `counts` keeps them, `guards` stand in others' acts, `published` asks what everybody may
read, `removal` takes words out.

Doors also see `access`."""

ACROSS = ("service.cli", "service.example", "service.imports", "service.partners.open311")
"""The only ones that call the actions of features not their own."""

TOGETHER = {
    "service.accountability.package_pages": {"service.imports.iati", "service.imports.package"},
    "service.checks.apart": {"service.feedback.actions", "service.feedback.intake", "service.loop.actions"},
    "service.checks.codes": {"service.feedback.receipts"},
    "service.feedback.desk_pages": {"service.promises.actions"},
    "service.feedback.promised_pages": {"service.promises.actions"},
    "service.feedback.answer_pages": {
        *("service.consents.actions", "service.loop.actions", "service.moderation.actions"),
        *("service.notices.actions", "service.outbox.push", "service.photos.actions"),
    },
    "service.feedback.code_pages": {"service.outbox.push"},
    "service.hosting.area_pages": {
        "service.imports.reading",
        "service.imports.running",
        "service.imports.runs",
        "service.places.actions",
        "service.places.setting_actions",
    },
    "service.hosting.helpline_pages": {"service.places.helplines", "service.places.setting_actions"},
    "service.hosting.letter_pages": {"service.outbox.letter_actions", "service.people.letters", "service.safeguarding.letters"},
    "service.hosting.organisation_pages": {"service.places.actions", "service.places.setting_actions"},
    "service.hosting.pages": {"service.places.actions"},
    "service.hosting.threshold_pages": {"service.places.setting_actions"},
    "service.hosting.topic_pages": {"service.places.actions", "service.places.setting_actions"},
    "service.loop.worker": {"service.outbox.actions"},
    "service.intakes.written": {"service.results.sheets"},
    "service.narratives.api": {"service.system_health.actions"},
    "service.narratives.log_pages": {"service.system_health.actions"},
    "service.people.pages": {"service.outbox.actions"},
    "service.people.team_pages": {"service.outbox.actions"},
    "service.themes.giving_actions": {"service.feedback.many_actions", "service.loop.actions"},
    "service.themes.pages": {"service.feedback.promised_pages", "service.feedback.reply_form"},
    "service.themes.together_pages": {
        "service.feedback.many_actions",
        "service.feedback.merge_actions",
        "service.feedback.reply_form",
    },
    "service.safeguarding.worker": {"service.outbox.actions"},
    "service.webhooks.worker": {"service.outbox.actions"},
}
"""Pages that call another feature's actions on purpose: an answer that says "we will do this" makes the promise; a story
enters what got in the way into the register; letters are posted; the settings are the one place where what describes a place is changed."""

APEX = {
    "service.batches.door": {"models", "queries", "rules"},
    "service.batches.work": {"models", "rules"},
    "service.app": {*("access", "api", "carriers", "letters", "login", "mail", "models", "pages", "push", "sending", "texts", "worker")},
    "service.documents": {"access"},
    "service.everything": {"models"},
    "service.html": {"queries"},
    "service.offline": {"access"},
    "service.navigation": {"models"},
    "service.operations": {"access"},
    "service.page_cache": {"queries"},
    "service.server_keys": set[str](),
    "service.verification": {"counts", "models", "queries", "sources"},
}
"""Root modules that know features, and which of their modules. Every root module may write to the journal."""

HTTP = {
    *(
        "app",
        "arriving",
        "batches.door",
        "clock",
        "contract",
        "database",
        "documents",
        "doors",
        "guard",
        "html",
        "inputs",
        "offline",
        "operations",
        "page_cache",
        "paging",
        "problems",
        "signposts",
        "static",
        "tags",
        "typed",
        "uploads",
        "forms_with_files",
    ),
    *("people.access", "partners.access"),
}
INTAKES = "service.intakes"
"""Files that staff bring in go through the same reader, maps and checks as those of the command line."""

TELLING = "service.webhooks.sending"
LOGIN = "service.people.login"
"""The one module that asks a council's own login who somebody is."""

PURE = {"service.days", "service.folding", "service.language", "service.telling_marks", "service.telling_names"}
"""What rules may know besides models and the standard library."""

OPENERS = {"Database", "Session", "connect", "create_app", "create_async_engine", "create_engine", "engine_from_config", "sessionmaker"}


def known_modules() -> set[str]:
    """Every module and package of the service, by its dotted name."""
    found = set()
    for path, _text in texts(".py", under=["service/"]):
        found.add(path.removesuffix("/__init__.py").removesuffix(".py").replace("/", "."))
    return found


KNOWN = known_modules()
FEATURES = {name.split(".")[1] for name in KNOWN if name.endswith(".models")}


def imported(source: str) -> Iterator[tuple[int, str]]:
    """Line and module of every import; `from service.places import rules` names service.places.rules."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield node.lineno, "." * node.level
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield node.lineno, inner if inner in KNOWN else str(node.module)


def feature_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "service" and parts[1] in FEATURES else None


def layer_of(module: str) -> str:
    last = module.rpartition(".")[2]
    return next((layer for layer in ("pages", "actions", "queries", "models") if last.endswith(f"_{layer}")), last)


def within(module: str, names: tuple[str, ...]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in names)


def complaints(module: str, source: str) -> list[str]:
    """What this module may not do."""
    found = [f"{line}: {words}" for line, target in imported(source) if (words := refused(module, target))]
    tree = ast.parse(source)
    if module != "service.database":
        found += [
            f"{node.lineno}: .{node.func.attr}(): only service.database does that"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("commit", "rollback")
        ]
    found += [f"{line}: {name}() at module level: two services in one process must share nothing" for line, name in opened_on_import(tree)]
    return [f"{module}:{complaint}" for complaint in found]


def opened_on_import(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Calls that open something while the module is being imported."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in OPENERS:
                yield node.lineno, name
        waiting += ast.iter_child_nodes(node)


def refused(module: str, target: str) -> str | None:  # noqa: PLR0911 (one line per rule)
    """Why this import is not allowed, or None."""
    first = target.partition(".")[0]
    if first == "":
        return "relative import: write it in full"
    if first == "service":
        return refused_of_ours(module, target)
    place, layer = module.removeprefix("service."), layer_of(module)
    if first in ("fastapi", "starlette") and place not in HTTP and layer not in DOORS:
        return f"{target}: HTTP is known at the doors only"
    if first == "jinja2" and module != "service.html":
        return f"{target}: only service.html renders templates"
    if first in ("httpx", "httpx2", "requests", "aiohttp") and not within(module, ("service.outbox", "service.partners", LOGIN, TELLING)):
        return f"{target}: only the outbox, partners, the council's own login and what tells webhooks call other services"
    if first in ("authlib", "joserfc") and module != LOGIN:
        return f"{target}: only {LOGIN} knows how another login is asked"
    if layer == "rules" and first not in sys.stdlib_module_names:
        return f"{target}: rules know models and the standard library"
    return None


def refused_of_ours(module: str, target: str) -> str | None:  # noqa: PLR0911 (one line per rule)
    own, other = feature_of(module), feature_of(target)
    layer, wanted = layer_of(module), layer_of(target)
    if target == "service.app" and not within(module, ("service.cli",)):
        return "nobody imports the app, except the command line"
    if within(target, ("service.imports",)) and not within(module, (*ACROSS, INTAKES)) and target not in TOGETHER.get(module, ()):
        return f"{target}: files are imported by the command line, the example, the settings and those who bring them in only"
    if layer == "rules" and wanted not in ("models", "rules") and target not in PURE:
        return f"{target}: rules know models, days and words"
    if other is None or within(module, ACROSS) or target in TOGETHER.get(module, ()):
        return None
    if other == own:
        return refused_inside(layer, wanted, target)
    if other == "accountability" and module != "service.app":
        return f"{target}: nothing stands on accountability, which reads everything"
    if target in TOLD_TO:
        return None
    if own is None:
        allowed = APEX.get(module, set())
        return None if wanted in allowed else f"{target}: {module} does not know that"
    if own in GROUND and layer not in DOORS and other not in GROUND[own]:
        return f"{target}: {own} is ground for other features and stands on {', '.join(sorted(GROUND[own])) or 'none'}"
    allowed = SHOWN | ({"access"} if layer in (*DOORS, "access") else set())
    return None if wanted in allowed else f"{target}: another feature shows its {', '.join(sorted(allowed))}"


def refused_inside(layer: str, wanted: str, target: str) -> str | None:
    """Inside one feature: doors, then actions, then queries and rules, then models."""
    below = {"models": {"models"}, "rules": {"models", "rules"}}
    if layer in below and wanted not in below[layer]:
        return f"{target}: {layer} stand below that"
    if layer == "queries" and wanted in ("actions", *DOORS, "access"):
        return f"{target}: queries change nothing and know no door"
    if layer == "actions" and wanted in (*DOORS, "access"):
        return f"{target}: actions know no door"
    return None


# ---- the rule, and that it bites -------------------------------------------------------------------------------------


def test_every_module_keeps_to_its_place() -> None:
    found = []
    for path, source in texts(".py", under=["service/"]):
        module = path.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".")
        found += complaints(module, source)
    assert not found, told(found, "These imports and calls go against the house (docs/architecture.md, who may import whom):")


def test_the_named_modules_exist() -> None:
    named = {*APEX, *(f"service.{place}" for place in HTTP), *PURE, *(f"service.{feature}" for feature in GROUND)}
    assert not {name for name in named if not (ROOT / name.replace(".", "/")).is_dir()} - KNOWN


def test_forbidden_imports_are_noticed() -> None:
    broken = {
        "service.feedback.rules": [
            "from service.database import ReadSession",
            "from service.feedback import queries",
            "import pydantic",
            "from fastapi import Request",
        ],
        "service.feedback.models": ["from service.feedback import queries"],
        "service.feedback.queries": [
            "from service.feedback.actions import reply",
            "def f() -> None:\n    from service.people import actions",
            "from service.people.access import Place",
            "from starlette.requests import Request",
        ],
        "service.feedback.actions": [
            "from service.feedback.api import router",
            "from service.feedback import desk_pages",
            "from service.places.actions import add_topic",
            "import jinja2",
            "import httpx",
            "from .rules import may_move",
        ],
        "service.places.actions": [
            "from service.feedback.import_actions import import_feedback",
            "from service.imports.running import import_rows",
        ],
        "service.feedback.desk_pages": ["from service.places.actions import add_topic", "from service.app import create_app"],
        "service.places.queries": ["from service.feedback.models import Feedback"],
        "service.journal.actions": ["from service.places.queries import get_place"],
        "service.people.actions": ["from service.feedback.queries import get_answer", "import httpx2"],
        "service.webhooks.worker": ["import httpx2"],
        "service.people.login_pages": ["import httpx2", "from authlib.oidc.core import CodeIDToken", "import joserfc"],
        "service.database": ["from service.feedback.models import Feedback", "engine = create_engine('sqlite://')"],
        "service.rollups": ["class A:\n    b = Database('sqlite://')"],
        "service.cli.running": ["def f(s: Session) -> None:\n    s.commit()"],
        "service.feedback.intake": ["def f(s: Session) -> None:\n    s.session.rollback()"],
    }
    missed = [f"{module}: {source}" for module, sources in broken.items() for source in sources if not complaints(module, source)]
    assert not missed


def test_allowed_imports_are_let_through() -> None:
    fine = {
        "service.feedback.rules": "from service.people.models import Role\nfrom service.language import N_\nimport re",
        "service.feedback.actions": "from service.journal.actions import record\nfrom service.places.queries import get_place",
        "service.feedback.desk_pages": "from fastapi import APIRouter\nfrom service.people.access import AtWork",
        "service.cli.places": "from service.places.actions import add_topic",
        "service.imports.described": "from service.places.actions import add_organisation, put_area",
        "service.imports.collected": "from service.feedback.import_actions import import_feedback\nfrom service.promises.actions import a",
        "service.places.api": "from service.partners.access import key_with",
        "service.database": "def connect() -> None:\n    create_engine('sqlite://')\n    session.commit()",
    }
    assert not [complaint for module, source in fine.items() for complaint in complaints(module, source)]
