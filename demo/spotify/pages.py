"""The page on which a person says yes or no, in words that leave no doubt about what this is."""

from collections.abc import Sequence
from html import escape

from demo.spotify.accounts import Account

STYLE = """
:root { color-scheme: light dark }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 17px/1.5 system-ui, sans-serif;
       background: light-dark(#F7F3EC, #14110F); color: light-dark(#14110F, #F7F3EC) }
main { max-width: 26rem; padding: 2rem 1.25rem }
h1 { font-size: 1.75rem; line-height: 1.15; margin: 0 0 1rem }
p { margin: 0 0 1rem } small { opacity: .75 }
fieldset { border: 0; padding: 0; margin: 0 0 1.5rem } label { display: block; padding: .5rem 0 }
button { font: inherit; min-height: 2.75rem; padding: 0 1.25rem; border-radius: 2rem; border: 1px solid currentColor;
         background: none; color: inherit; cursor: pointer; margin-right: .5rem }
button.yes { background: #FF5A36; color: #14110F; border-color: #FF5A36 }
"""
ASKED = ("client_id", "redirect_uri", "response_type", "code_challenge", "code_challenge_method", "scope", "state")


def consent_page(people: Sequence[Account], asked: dict[str, str]) -> str:
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(asked.get(name, ""))}">' for name in ASKED)
    choices = "".join(_choice(person, checked=place == 0) for place, person in enumerate(people))
    return _page(
        "A stand-in for Spotify",
        "<p>Tonearm asks to see what this account played lately.</p>"
        "<p><small>This page is part of the demo and runs on this machine. No real Spotify account is asked, and the"
        " people below do not exist.</small></p>"
        f'<form method="post" action="/authorize">{hidden}<fieldset>{choices}</fieldset>'
        '<button class="yes" name="decision" value="agree">Agree</button>'
        '<button name="decision" value="refuse">Refuse</button></form>',
    )


def _choice(person: Account, *, checked: bool) -> str:
    picked = " checked" if checked else ""
    value, name = escape(person.account_id), escape(person.display_name)
    return f'<label><input type="radio" name="account" value="{value}"{picked}> {name}</label>'


def refusal_page(reason: str) -> str:
    return _page("A stand-in for Spotify", f"<p>{escape(reason)}</p>")


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{STYLE}</style><main><h1>{title}</h1>{body}</main></html>"
    )
