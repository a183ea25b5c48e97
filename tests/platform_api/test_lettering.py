"""Names of every script on the server's pictures; what no font can draw is refused, and without the fonts all of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import features

from platform_api.services.wraps import lettering, scripts

NAMES = [
    "Sigur Rós", "Đàn bầu", "宇多田ヒカル", "周杰倫", "王菲 / 东京", "방탄소년단", "Земфира", "Μίκης Θεοδωράκης",
    "أم كلثوم", "עידן רייכל", "लता मंगेशकर", "ถาวร", "a\u200db", "Sad ❤️ songs 😭 ✨", "👩‍👩‍👧 & 🇨🇿",
    "Beyoncé 宇多田 x", "מאיר Banai feat. Нина",
]  # fmt: skip


RIGHT_TO_LEFT = {"أم كلثوم", "עידן רייכל", "מאיר Banai feat. Нина"}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_any_script_is_drawn(name: str) -> None:
    if name in RIGHT_TO_LEFT and not features.check("raqm"):
        pytest.skip("this machine has no library that lays out such names")
    face = lettering.display(28, 600)
    runs = face.runs(name)
    assert runs is not None
    assert "".join(piece for _, piece in runs) == name
    assert face.width(name) > 0
    assert face.shortened(name, 1.0) == "…"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_drawn_mirrored(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda _: False)
    assert (lettering.display(28, 600).runs(name) is None) == (name in RIGHT_TO_LEFT)


def test_a_name_is_drawn_by_one_family_where_one_has_it_whole() -> None:
    assert scripts.families_of("东京")[0] == "noto-sans-sc"
    assert scripts.families_of("東京ドーム")[0] == "noto-sans-jp"


def test_what_no_font_holds_is_refused() -> None:
    face = lettering.text(22)
    assert face.runs("ᚠᚢᚦ") is None
    assert face.runs("ᚠ 😀") is None


def test_what_one_colour_cannot_show_is_left_out() -> None:
    face = lettering.text(22)
    assert face.width("👍🏽") == face.width("👍")
    assert face.width("5️⃣") == face.width("5️")


def test_what_a_font_only_claims_to_hold_is_looked_for_elsewhere() -> None:
    """Of Noto's Arabic pieces one names ranges of symbols that it does not hold."""
    face = lettering.text(22)
    for letter in "✨🎧☕":
        ((font, _),) = face.runs(letter) or []
        assert scripts.is_pictures(font), letter
    assert face.width("✨ ✨") < 2 * face.width("✨") + face.width("nn"), "a space is no picture"


@pytest.fixture
def without_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setattr(scripts, "PACKAGES", tmp_path)
    scripts._letters.cache_clear()
    yield
    scripts._letters.cache_clear()


@pytest.mark.usefixtures("without_packages")
def test_without_the_packages_latin_is_drawn_and_the_rest_is_left_out() -> None:
    face = lettering.display(28, 600)
    assert face.runs("Sigur Rós") is not None
    assert face.runs("Земфира") is None
