"""The contrast of the page's colours, as WCAG 2.2 defines it, in light and dark. axe cannot judge text in drawings."""
import re
from typing import Dict

import pytest

from opi_advisor.project import ROOT

TOKENS = (ROOT / "web/src/styles/tokens.css").read_text(encoding="utf-8")
TEXT, SHAPE = 4.5, 3.0

SURFACES = ("back", "surface", "raised")
PAIRS = [
    *[(text, surface, TEXT) for text in ("text", "muted", "link") for surface in (*SURFACES, "soft")],
    *[(party, surface, TEXT) for party in ("public", "private") for surface in (*SURFACES, "soft")],
    ("on-accent", "accent", TEXT),
    ("error", "surface", TEXT),
    ("error", "back", TEXT),
    *[("text", field, TEXT) for field in ("private-soft", "notice", "advice", "error-back")],
    *[("control", surface, SHAPE) for surface in SURFACES],
    ("accent", "back", SHAPE),
    ("private", "private-soft", SHAPE),
    ("notice-line", "notice", SHAPE),
    ("advice-line", "advice", SHAPE),
    ("error", "error-back", SHAPE),
]


def colours(part: str) -> Dict[str, str]:
    return dict(re.findall(r"--opi-([\w-]+): (#[0-9a-f]{6});", part))


LIGHT = colours(TOKENS.split("@media")[0])
DARK = {**LIGHT, **colours(TOKENS.split("@media")[1])}


def luminance(colour: str) -> float:
    shares = [int(colour[start:start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_contrast_of_black_and_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("front, behind, least", PAIRS)
@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_each_pair_of_colours_can_be_told_apart(scheme: Dict[str, str], front: str, behind: str, least: float):
    assert contrast(scheme[front], scheme[behind]) >= least
