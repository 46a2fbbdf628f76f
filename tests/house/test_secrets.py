"""What no file of ours may hold: the path of somebody's machine, the address of a package index."""

import re
from collections.abc import Iterator

from tests.house.files import texts, told

MACHINE = re.compile(r"(?<![\w.~{}<>$*-])/(?:" + "|".join(["ho" + "me", "ro" + "ot", "wo" + "rk", "Us" + "ers"]) + r")/")
HOSTS = tuple(
    "".join(parts) for parts in [("pyp", "i.org"), ("python", "hosted.org"), ("npm", "js.org"), ("npm", "js.com"), ("deb.deb", "ian.org")]
)
INDEX = re.compile("|".join(["(?<!no-emit-)index-" + "url", "find-" + "links", "trusted-" + "host", "UV_IN" + "DEX", "PIP_IN" + "DEX"]))
REGISTRY = re.compile(r"^\s*(?://|@?[\w:]*registry\s*=)", re.IGNORECASE)


def complaints(path: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        if MACHINE.search(line):
            yield f"{path}:{number}: the path of one machine"
        if any(host in line.lower() for host in HOSTS) or INDEX.search(line):
            yield f"{path}:{number}: the address of a package index"
        if path.endswith(".npmrc") and REGISTRY.search(line):
            yield f"{path}:{number}: the address of a registry"


def test_no_file_names_a_machine_or_an_index() -> None:
    found = [complaint for path, text in texts() for complaint in complaints(path, text)]
    assert not found, told(found, "These files would not work, or tell too much, elsewhere:")


def test_each_kind_is_noticed() -> None:
    broken = [
        "cd /ho" + "me/ann/said",
        'open("/wo' + 'rk/x")',
        f"see https://{HOSTS[0]}/simple",
        "--index-" + "url=x",
        "--find-" + "links x",
    ]
    assert not [line for line in broken if not [*complaints("a.txt", line)]]
    assert [*complaints(".npmrc", "registry=https://x")]


def test_ordinary_lines_are_let_through() -> None:
    fine = ['@router.get("/staff/{c}/work")', "https://example.org/home/page", "the root/branch", "../shared/work/x"]
    assert not [line for line in fine if [*complaints("a.txt", line)]]
