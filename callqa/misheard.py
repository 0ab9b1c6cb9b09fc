"""Words that speech without apostrophes makes ambiguous, put right by their neighbours.

“ill call you” is a promise and “she is ill” is not; “well get it sorted” promises and “well let
me see” only starts. Each rule looks at the plain word before and the one after, and leaves the
word alone where they do not decide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

END = "|"
_OPENS = frozenset({"", END}) | frozenset(
    "and but so because then that okay yes no right if when once until think know sure".split()
)
_BE = frozenset(
    """be am is are was were been being feel feels felt fell get got very so really too mentally
    terminally seriously quite taken""".split()
)
_PROMISED = frozenset(
    """get call ring send put give arrange sort make keep take deliver refund replace swap email
    text contact phone post credit stop process collect""".split()
)
_MOMENTS = frozenset(
    """worry ready first today tomorrow week month later now monday tuesday wednesday thursday
    friday saturday sunday instead""".split()
)
_WISHED = frozenset(
    """like be love rather feel have need say prefer want just really appreciate go recommend
    suggest do probably also imagine hate""".split()
)
_OWNERS = frozenset("your my an the photo customer account user caller his her our any".split())
_BEFORE_ITS = frozenset("of on in to for with at from by lost has have had put and".split())
_AFTER_WE_ARE = frozenset(
    "open closed not really just able all still happy sorry here based gonna a".split()
)
_AFTER_HERE = frozenset("you me them him her us it from".split())


def _ill(before: str, after: str) -> bool:
    return before not in _BE and after not in {"", END, "and", "with", "but", "or", "health"}


def _well(before: str, after: str) -> bool:
    return before in _OPENS | _MOMENTS and after in _PROMISED


def _id(before: str, after: str) -> bool:
    return before not in _OWNERS and after in _WISHED


def _its(before: str, after: str) -> bool:
    return before not in _BEFORE_ITS and after not in {"", END, "own"}


def _were(before: str, after: str) -> bool:
    going = after.endswith("ing") and len(after) > 4 and after not in {"anything", "something"}
    return before in _OPENS and (going or after in _AFTER_WE_ARE)


_EXPANDED: dict[str, tuple[Callable[[str, str], bool], tuple[str, ...]]] = {
    "ill": (_ill, ("i", "will")),
    "well": (_well, ("we", "will")),
    "id": (_id, ("i", "would")),
    "its": (_its, ("it", "is")),
    "were": (_were, ("we", "are")),
    "names": (lambda before, after: before == "my" and after not in {"", END}, ("name", "is")),
    "of": (
        lambda before, _: before in {"must", "should", "would", "could", "might"},
        ("have",),
    ),
    "bare": (lambda _, after: after == "with", ("bear",)),
    "here": (
        lambda before, after: before in {"can", "not", "could", "to"} and after in _AFTER_HERE,
        ("hear",),
    ),
}


def as_meant(
    tokens: Sequence[str], spans: Sequence[tuple[int, int]]
) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
    """Plain tokens and their characters, with the ambiguous ones opened.

    A number before “p m” or “am” makes it a time of day, of one token.
    """
    words: list[str] = []
    places: list[tuple[int, int]] = []
    for i, (token, span) in enumerate(zip(tokens, spans, strict=True)):
        before = words[-1] if words else ""
        after = tokens[i + 1] if i + 1 < len(tokens) else ""
        if token == "m" and before in ("a", "p") and _number(words[-2:-1]):
            words[-1], places[-1] = f"{before}.m", (places[-1][0], span[1])
            continue
        if token == "am" and _number(words[-1:]) and after != "i":
            token = "a.m"
        rule, meant = _EXPANDED.get(token, (None, ()))
        said = meant if rule and rule(before, after) else (token,)
        words.extend(said)
        places.extend([span] * len(said))
    return tuple(words), tuple(places)


_NUMBERS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirty fifteen".split()
)


def _number(words: Sequence[str]) -> bool:
    return bool(words) and (words[0] in _NUMBERS or words[0].isdigit())
