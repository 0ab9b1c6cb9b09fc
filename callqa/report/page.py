"""Templates, the one style sheet and the one script, put into pages that stand alone."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import callqa
from callqa.report import names, wording

NOTICE = (
    "The machine proposes; a named person decides. Nothing here is a judgement of competence, "
    "and nothing that was not heard counts as a failure."
)
EMOTION_NOTE = (
    "Signs are read from the customer’s voice alone, against the same voice’s own baseline in "
    "this call. They say how the voice moved, not what was felt; whether it was pleasant or "
    "unpleasant is left to the words. No signs are made from an agent’s voice."
)


@cache
def environment() -> Environment:
    """The Jinja environment of all pages: autoescaping, strict about missing names."""
    env = Environment(
        loader=PackageLoader("callqa.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {
        "clock": wording.clock,
        "quantity": wording.quantity,
        "number": wording.number,
        "moment": wording.moment,
        "file_name": wording.file_name,
        "label_name": names.label_name,
        "family_name": names.family_name,
        "level_name": names.level_name,
        "family_of": names.family_of,
        "family_name_of": lambda label: names.family_name(names.family_of(label)),
        "attribute": wording.attribute,
    }
    script = _static("callqa.js")
    env.globals |= {
        "plural": wording.plural,
        "style": Markup(_static("callqa.css")),
        "script": Markup(script),
        "script_hash": _csp_hash(script),
        "statuses": names.STATUSES,
        "roles": names.ROLES,
        "notice": NOTICE,
        "emotion_note": EMOTION_NOTE,
        "version": callqa.__version__,
    }
    return env


def render(template: str, **context: object) -> str:
    """One whole page."""
    return environment().get_template(template).render(**context)


def _static(name: str) -> str:
    return (files("callqa.report") / "static" / name).read_text(encoding="utf-8")


def _csp_hash(script: str) -> str:
    """The script's hash for the page's security policy, so that no other script can run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
