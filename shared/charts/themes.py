"""The looks of pictures: one constant style sheet for each theme, so that a content security policy can name it.

Colours are custom properties. Text and lines have a contrast of at least 4.5 to 1 against the background in both
themes, and no two things differ by colour alone. The picture is drawn in units; where it is shown narrower than 480
pixels, text grows and what is only for wide ones goes.
"""

from base64 import b64encode
from hashlib import sha256
from typing import Final, Literal

Theme = Literal["auto", "light", "dark"]

_LIGHT: Final = (
    "--bg:#fff;--ink:#1f2328;--soft:#57606a;--grid:#d8dee4;--scope:#57606a;"
    "--done:#1a7f37;--area:#1a7f3724;--progress:#0969da;--forecast:#8250df;--cone:#8250df1f;--due:#cf222e"
)
_DARK: Final = (
    "--bg:#0d1117;--ink:#e6edf3;--soft:#9aa4ae;--grid:#30363d;--scope:#9aa4ae;"
    "--done:#3fb950;--area:#3fb95033;--progress:#58a6ff;--forecast:#bc8cff;--cone:#bc8cff2e;--due:#ff7b72"
)
_RULES: Final = """
.b text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:var(--ink)}
.b .h{font-size:18px;font-weight:600}
.b .s{fill:var(--soft)}
.b .m,.b .e{text-anchor:middle}
.b .e{text-anchor:end}
.b .o{paint-order:stroke;stroke:var(--bg);stroke-width:4px;stroke-linejoin:round}
.b path,.b line{fill:none;stroke-width:2;stroke-linejoin:round}
.b .bg{fill:var(--bg)}
.b .g{stroke:var(--grid);stroke-width:1}
.b .scope{stroke:var(--scope);stroke-dasharray:7 4}
.b .done{stroke:var(--done)}
.b path.done{fill:var(--area)}
.b .progress{stroke:var(--progress);stroke-width:2.5}
.b .ahead{stroke:var(--progress);stroke-dasharray:2 4}
.b .p50,.b .p85,.b .p95{stroke:var(--forecast);stroke-dasharray:9 3}
.b .p85{stroke-dasharray:5 4}
.b .p95{stroke-dasharray:2 4}
.b .cone{fill:var(--cone);stroke:none}
.b line.due{stroke:var(--due);stroke-dasharray:10 3 2 3}
.b line.now{stroke:var(--ink);stroke-width:1}
.b .at{fill:var(--progress);stroke:var(--bg);stroke-width:2}
.b .to{fill:var(--bg);stroke:var(--progress);stroke-width:2}
.b .f{fill:var(--bg);stroke:var(--forecast);stroke-width:2}
.b text.c{fill:var(--forecast)}
.b text.due{fill:var(--due)}
.b .n{display:none}
@media(max-width:480px){.b text{font-size:21px}.b .h{font-size:27px}.b .w{display:none}.b .n{display:inline}}
"""
_BADGE_RULES: Final = """
.k text{font:11px Verdana,Geneva,"DejaVu Sans",sans-serif;fill:#fff;text-anchor:middle}
.k .l{fill:var(--l)}
.k .good{fill:#1a7f37}
.k .fair{fill:#9a6700}
.k .poor{fill:#cf222e}
.k .plain{fill:#0969da}
"""
_GANTT_RULES: Final = """
.t text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:var(--ink)}
.t .h{font-size:18px;font-weight:600}
.t .s{fill:var(--soft)}
.t .m{text-anchor:middle}
.t .k{font-weight:600}
.t .bg{fill:var(--bg)}
.t .g{stroke:var(--grid);stroke-width:1}
.t .bar{fill:var(--area);stroke:var(--progress);stroke-width:1}
.t .crit{stroke:var(--due);stroke-width:2}
.t .part{fill:var(--progress)}
.t .was{fill:none;stroke:var(--soft);stroke-width:3}
.t .dep{fill:none;stroke:var(--soft);stroke-width:1}
.t .opt{stroke-dasharray:3 3}
.t .now{stroke:var(--ink);stroke-width:1;stroke-dasharray:6 3}
"""
_LIGHT_LABEL: Final = "--l:#57606a"
_DARK_LABEL: Final = "--l:#484f58"


def _styles(name: str, light: str, dark: str, rules: str) -> dict[Theme, str]:
    whole = rules.replace("\n", "")
    return {
        "auto": f".{name}{{{light}}}@media(prefers-color-scheme:dark){{.{name}{{{dark}}}}}{whole}",
        "light": f".{name}{{{light}}}{whole}",
        "dark": f".{name}{{{dark}}}{whole}",
    }


STYLES: Final = _styles("b", _LIGHT, _DARK, _RULES)
"""The whole text of the one `<style>` of a burn-up picture, by theme."""
GANTT_STYLES: Final = _styles("t", _LIGHT, _DARK, _GANTT_RULES)
"""The same of a Gantt chart."""
BADGE_STYLES: Final = _styles("k", _LIGHT_LABEL, _DARK_LABEL, _BADGE_RULES)
"""The same of a badge."""


def policy(style: str) -> str:
    """Return the content security policy under which a picture with this style is shown as it is, and can do nothing.

    The style is named by its hash (CSP 3, section 2.3.1).
    """
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; sandbox"
