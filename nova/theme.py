"""How Nova Core looks: the theme's settings."""

from django.templatetags.static import static

UNFOLD = {
    "SITE_TITLE": "Nova Core",
    "SITE_HEADER": "Nova Core",
    "SITE_SYMBOL": "hub",
    "COLORS": {  # Nova's tokens: quiet greys, and a blue for what is yours to act on
        "base": {
            "50": "#f7f7f5",
            "100": "#f0f0ed",
            "200": "#e5e5e1",
            "300": "#d0d1d4",
            "400": "#a6a9b2",
            "500": "#5b5e66",
            "600": "#45484f",
            "700": "#3d4048",
            "800": "#303238",
            "900": "#18191c",
            "950": "#141518",
        },
        "primary": {
            "50": "#edf3fd",
            "100": "#dce8fb",
            "200": "#bfd4f8",
            "300": "#92b9ff",
            "400": "#6b9ff8",
            "500": "#3f7fe6",
            "600": "#2563cf",
            "700": "#1a56b4",
            "800": "#194891",
            "900": "#1a3d75",
            "950": "#14264a",
        },
    },
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("img/nova.svg"),
        }
    ],
}
