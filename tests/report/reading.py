"""Reading a page as a test needs it: its links, its ids, its text."""

from __future__ import annotations

from html.parser import HTMLParser

_UNSEEN = ("script", "style")


class Page(HTMLParser):
    """``links`` by address, ``ids``, and the ``text`` a person sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[dict[str, str]] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._text: list[str] = []
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        self.tags.append((tag, given))
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given)
        if tag in _UNSEEN:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag == self._inside[-1]:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self._text.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self._text).split())

    def count(self, tag: str, **attributes: str) -> int:
        return sum(
            t == tag and all(a.get(k) == v for k, v in attributes.items()) for t, a in self.tags
        )
