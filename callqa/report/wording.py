"""How numbers, times and file names are written, the same on every page."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 80


def clock(seconds: float | None) -> str:
    """Seconds as a player shows them; rounded down, so that playing starts before the words.

    >>> clock(130.7), clock(3725), clock(None)
    ('2:10', '1:02:05', '')
    """
    if seconds is None:
        return ""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def length(seconds: float) -> str:
    """A stretch of time in words.

    >>> length(840), length(12_000), length(20)
    ('14 min', '3 h 20 min', '20 s')
    """
    if seconds < 60:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def moment(iso: str) -> str:
    """A date and time for people; the zone is kept as it was given.

    >>> moment("2025-03-03T09:14:00+01:00"), moment("last week")
    ('3 March 2025, 09:14 (UTC+01:00)', 'last week')
    """
    try:
        at = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    zone = f" ({at.tzname()})" if at.tzinfo else ""
    clock_part = f", {at:%H:%M}{zone}" if "T" in iso or " " in iso else ""
    return f"{at.day} {at:%B %Y}{clock_part}"


def number(value: float) -> str:
    """A number with as many decimals as it needs, two at most.

    >>> number(12.0), number(0.256), number(1234.5)
    ('12', '0.26', '1234.5')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def quantity(value: float, unit: str) -> str:
    """A measure with its unit; shares as a percentage of the call.

    >>> quantity(0.433, "share"), quantity(12.3, "s"), quantity(3, "count")
    ('43%', '12.3 s', '3')
    """
    if unit in ("share", "ratio"):
        return f"{100 * value:.0f}%"
    if unit == "s" and value >= 60:
        return f"{clock(value)} min"
    shown = f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}".removesuffix(".0")
    return shown if unit in ("", "count", "1") else f"{shown} {unit}"


def attribute(value: str | bool | int | float | list[str]) -> str:
    """A detection's attribute in words.

    >>> attribute(True), attribute(["postcode", "date_of_birth"]), attribute(0.5)
    ('yes', 'postcode, date of birth', '0.5')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return number(value)
    words = [value] if isinstance(value, str) else value
    return ", ".join(word.replace("_", " ") for word in words)


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun.

    >>> plural(1, "call"), plural(3, "call")
    ('1 call', '3 calls')
    """
    return f"{count} {one if count == 1 else many or one + 's'}"


def file_name(identifier: str) -> str:
    """A name that is safe in every file system; distinct identifiers keep distinct names.

    >>> file_name("call-7"), file_name("../a b") != file_name("../a_b")
    ('call-7', True)
    """
    safe = _UNSAFE.sub("_", identifier).lstrip(".")[:_LONGEST_NAME]
    if safe and safe == identifier:
        return safe
    return f"{safe or 'id'}-{hashlib.sha256(identifier.encode()).hexdigest()[:8]}"
