"""A listener in the browser, and what axe finds on the page that they see."""

import json
from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.support.browser import E2E
from tests.support.people import PASSWORD

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def enter(page: Page, name: str) -> None:
    """Signs in somebody whom the `sign_in` fixture made, and waits for their home."""
    page.goto("/")
    page.get_by_label("E-mail").fill(f"{name}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Import").first.wait_for()


def visit(page: Page, path: str) -> None:
    """Opens a page and waits until it has fetched everything and stands still."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "Promise.all(document.getAnimations().map((one) => one.effect.getTiming().iterations === 1 && one.finished))"
    )


@cache
def _axe() -> str:
    return (E2E / "node_modules" / "axe-core" / "axe.min.js").read_text()


def barriers(page: Page, *, rules: tuple[str, ...] = ()) -> list[str]:
    """Serious and critical violations on the page as it is now, a line each; of WCAG 2.2 AA, or of these rules only."""
    page.evaluate(f"window.axe || (() => {{ {_axe()} }})()")
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": list(WCAG)}
    options = json.dumps({"runOnly": only, "resultTypes": ["violations"]})
    found: list[dict[str, Any]] = page.evaluate(f"axe.run(document, {options}).then(({{ violations }}) => violations)")
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary'].splitlines()[-1].strip()}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"][:3]
    ]


def beyond_the_edge(page: Page) -> list[str]:
    """What makes the page scroll sideways, a line each: the innermost boxes that reach past the window."""
    found: list[str] = page.evaluate("""async () => {
        // charts follow the width of the window a frame later
        for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
        const root = document.documentElement
        if (root.scrollWidth <= root.clientWidth) return []
        const past = [...document.body.querySelectorAll('*')].filter(
            (box) => box.getBoundingClientRect().right > root.clientWidth + 0.5
        )
        const innermost = past.filter((box) => !past.some((other) => other !== box && box.contains(other)))
        return innermost.slice(0, 3).map((box) => `${root.scrollWidth} px wide: ${box.outerHTML.slice(0, 160)}`)
    }""")
    return found
