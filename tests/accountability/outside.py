"""What other people's programs say of what everybody may take away."""

from pathlib import Path

from starlette.testclient import TestClient


def faults_of_package(visitor: TestClient, slug: str, folder: Path) -> list[str]:
    """What Frictionless finds wrong with a place's data package and its files, taken away whole; it must know all of them."""
    from frictionless import validate  # noqa: PLC0415 (it takes a second to load, and few tests ask it)

    package = visitor.get(f"/api/v1/{slug}/datapackage.json")
    (folder / "datapackage.json").write_bytes(package.content)
    paths = [resource["path"] for resource in package.json()["resources"]]
    for path in paths:
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(visitor.get(f"/api/v1/{slug}/{path}").content)
    report = validate(str(folder / "datapackage.json"))
    assert [task.place for task in report.tasks] == paths
    return [f"{task.name}: {error.message}" for task in report.tasks for error in [*task.errors, *report.errors]]
