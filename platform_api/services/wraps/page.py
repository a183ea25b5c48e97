"""The page behind a link to a wrap: the built page itself, with the link's title and picture in its head.

Chats read only the head of what a link answers and run no script, so it has to be there when the page arrives. The page
is fetched from where it is served; while that is away, a plain page with the card stands in.
"""

import re
import time
from html import escape

import httpx
import structlog

from platform_api.schemas.shown_wraps import ShownWrap
from platform_api.services.wraps import picture, words

KEPT_S = 15
TIMEOUT_S = 2.0
LARGEST_PAGE = 200_000
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_DESCRIPTION = re.compile(r"<meta\s+name=\"description\"[^>]*>")
log = structlog.get_logger()


class PageSource:
    """The built page's index.html, asked for again after KEPT_S."""

    def __init__(self, url: str) -> None:
        self._url = f"{url.rstrip('/')}/index.html"
        self._client = httpx.Client(timeout=TIMEOUT_S, follow_redirects=False)
        self._html: str | None = None
        self._until = 0.0

    def html(self) -> str | None:
        """None while the page cannot be had and never was."""
        if time.monotonic() < self._until:
            return self._html
        try:
            answer = self._client.get(self._url)
            answer.raise_for_status()
            if "</head>" in answer.text and len(answer.text) <= LARGEST_PAGE:
                self._html = answer.text
        except (httpx.HTTPError, UnicodeDecodeError) as error:
            log.warning("the page could not be fetched", url=self._url, error=str(error))
        self._until = time.monotonic() + KEPT_S
        return self._html

    def close(self) -> None:
        self._client.close()


def page_of(html: str | None, wrap: ShownWrap, address: str, card: str) -> str:
    """`address` is the link itself, `card` the address of its picture; both absolute."""
    title, description = escape(words.title(wrap)), escape(words.description(wrap))
    head = "\n".join(
        [
            f"<title>{title}</title>",
            f'<meta name="description" content="{description}" />',
            '<meta name="robots" content="noindex" />',
            *(
                f'<meta property="{name}" content="{escape(content)}" />'
                for name, content in {
                    "og:type": "article",
                    "og:site_name": "Tonearm",
                    "og:title": words.title(wrap),
                    "og:description": words.description(wrap),
                    "og:url": address,
                    "og:image": card,
                    "og:image:type": "image/png",
                    "og:image:width": str(picture.WIDTH),
                    "og:image:height": str(picture.HEIGHT),
                    "og:image:alt": f"{words.title(wrap)}. {words.description(wrap)}",
                }.items()
            ),
            '<meta name="twitter:card" content="summary_large_image" />',
        ]
    )
    if html is None:
        return _plain(head, title, description, escape(card))
    bare = _DESCRIPTION.sub("", _TITLE.sub("", html))
    return bare.replace("</head>", f"{head}\n</head>", 1)


def page_of_nothing(html: str | None) -> str:
    """For a link that opens nothing: the page says so itself."""
    head = '<meta name="robots" content="noindex" />'
    if html is None:
        return _plain(
            f"<title>Tonearm</title>\n{head}",
            "This link plays no more",
            "It has run out, or whoever made it took it back.",
            None,
        )
    return html.replace("</head>", f"{head}\n</head>", 1)


def _plain(head: str, title: str, description: str, card: str | None) -> str:
    picture_shown = f'<img src="{card}" alt="" width="1200" height="630">' if card else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
{head}
<style>body{{margin:0;min-height:100vh;display:grid;place-content:center;gap:1rem;padding:1.5rem;
font-family:system-ui,sans-serif;background:#14110F;color:#F7F3EC}}img{{max-width:100%;height:auto}}</style>
</head>
<body>{picture_shown}<h1>{title}</h1><p>{description}</p></body>
</html>
"""
