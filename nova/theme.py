"""How Nova Core looks: the theme's settings."""

from django.templatetags.static import static

UNFOLD = {
    "SITE_TITLE": "Nova Core",
    "SITE_HEADER": "Nova Core",
    "SITE_SYMBOL": "hub",
    "COLORS": {  # the blue of Nova's tokens: the theme's own is no colour that means something
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
        }
    },
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("img/nova.svg"),
        }
    ],
}
