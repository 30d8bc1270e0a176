"""Whether the colours of tokens.css can be told apart, computed as WCAG 2.2 says."""

import re
from itertools import product

import pytest
from django.conf import settings

CSS = (settings.BASE_DIR / "static/css/tokens.css").read_text()
COLOUR = re.compile(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\);")
BLOCKS = CSS.split("prefers-contrast: more")
USUAL = {name: colours for name, *colours in COLOUR.findall(BLOCKS[0])}
ASKED = {name: colours for name, *colours in COLOUR.findall(BLOCKS[1].split("[data-contrast")[0])}
CHOSEN = {name: colours for name, *colours in COLOUR.findall(BLOCKS[1].split("[data-contrast")[1])}

MODES = {
    "light": {name: light for name, (light, _dark) in USUAL.items()},
    "dark": {name: dark for name, (_light, dark) in USUAL.items()},
    "more light": {name: light for name, (light, _dark) in {**USUAL, **ASKED}.items()},
    "more dark": {name: dark for name, (_light, dark) in {**USUAL, **ASKED}.items()},
}
HUES = ["gold", "red", "amber", "blue", "green"]
GROUNDS = ["page", "panel", "sunken", "hover", "float"]
TEXTS = ["ink", "muted", *(f"{hue}-text" for hue in HUES)]
MARKS = ["mark", "line-strong", *HUES]
ON_GROUNDS = [
    *((text, ground, 4.5) for text, ground in product(TEXTS, GROUNDS)),
    *((mark, ground, 3) for mark, ground in product(MARKS, ["page", "panel", "float"])),
]
ON_COLOURS = [
    *((f"{hue}-text", f"{hue}-wash", 4.5) for hue in HUES),
    *((hue, f"{hue}-wash", 3) for hue in HUES),
    *(("ink", f"{hue}-wash", 4.5) for hue in HUES),
    *(("muted", f"{hue}-wash", 4.5) for hue in HUES),
    ("on-blue", "blue", 4.5),
    ("on-red", "red", 4.5),
]


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_twenty_one_to_one():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("front", "back", "least"), [*ON_GROUNDS, *ON_COLOURS])
def test_words_and_marks_can_be_told_from_their_ground(mode, front, back, least):
    colours = MODES[mode]

    assert contrast(colours[front], colours[back]) >= least


def test_the_contrast_asked_of_the_system_is_the_one_that_nova_offers():
    assert ASKED == CHOSEN
    assert ASKED["ink"] == ["#000000", "#ffffff"]
