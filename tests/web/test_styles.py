"""What templates ask of the stylesheets."""

import re

from django.conf import settings

STYLES = settings.BASE_DIR / "static" / "css"
TEMPLATES = settings.BASE_DIR / "templates"
CLASSES = re.compile(r'class="([^"]*)"')


def test_every_part_of_core_that_a_template_names_has_a_style():
    styled = set(re.findall(r"\.(core-[\w-]+)", (STYLES / "core.css").read_text()))
    named = {
        name
        for template in TEMPLATES.rglob("*.html")
        for names in CLASSES.findall(template.read_text())
        for name in re.findall(r"(?<!\S)core-[\w-]+(?!\S)", names)
    }

    assert named
    assert named <= styled
