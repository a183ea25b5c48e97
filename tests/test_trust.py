"""`docs/trust.md` and the other pages name tests and files that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TRUST = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")


def test_every_test_named_in_trust_exists() -> None:
    named = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", TRUST)
    assert len(named) > 40
    for path, name in named:
        file = ROOT / "tests" / path.removeprefix("tests/")
        assert file.is_file(), path
        assert not name or f"def {name}(" in file.read_text(encoding="utf-8"), f"{path}::{name}"


def test_all_43_checks_have_a_state() -> None:
    states = dict(re.findall(r"^\| (\d+) \|[^|]+\| (yes|in part|not yet) \|", TRUST, re.MULTILINE))
    assert [int(number) for number in states] == list(range(1, 44))


def test_links_between_pages_lead_somewhere() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[\w-]+)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} → {target}"
