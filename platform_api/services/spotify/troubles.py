"""What can keep us from an answer of Spotify's. Each says whether and when asking again makes sense."""

from datetime import datetime, timedelta

WHY = {
    "rate_limited": "Spotify asked us to wait.",
    "quota": "The app has used up what Spotify allows it in a day.",
    "own_budget": "Our own limit of calls to Spotify is used up for now.",
    "outage": "Spotify does not answer as it should. Your permission still stands.",
    "unreadable": "Some of Spotify's answer could not be read. What could is in your history.",
    "not_allowed": (
        "Spotify does not let this app read your account. While an app is in development its owner has to name you"
        " under User Management."
    ),
    "misconfigured": "Spotify refuses this app as it is set up, or a key is missing. The operator has to look.",
    "unknown": "Spotify answers that there is no such list.",
}
"""By the name of the trouble, for the listener."""
WAITS = ("rate_limited", "quota", "own_budget")


class SpotifyTrouble(Exception):
    """`name` is stored with the link and told on the settings page. Asking again makes no sense before `lasts`."""

    name = "outage"
    lasts = timedelta(0)


class Outage(SpotifyTrouble):
    """No answer, a broken one, or one that says it is their fault. Says nothing about the consent."""

    def __init__(self, what: str, retry_after_s: float | None = None) -> None:
        super().__init__(what)
        self.lasts = timedelta(seconds=retry_after_s or 0)


class Unreadable(SpotifyTrouble):
    """A whole answer that is not what the interface used to answer."""

    name = "unreadable"


class NotAllowed(SpotifyTrouble):
    """The app may not do this for this person: not on its list of users, or its owner has no Premium."""

    name = "not_allowed"


class Misconfigured(SpotifyTrouble):
    """The app itself is refused: a wrong client id or redirect address."""

    name = "misconfigured"


class Unknown(SpotifyTrouble):
    """There is no such thing (any more)."""

    name = "unknown"


class TokenExpired(SpotifyTrouble):
    """The access token is refused although it should be good."""

    name = "token_expired"


class Revoked(SpotifyTrouble):
    """The consent is over: taken back, or six months old. Only the listener can give it anew."""

    name = "revoked"


class TooManyCalls(SpotifyTrouble):
    """Spotify's 429. `retry_after_s` as told, None where it was not."""

    name = "rate_limited"

    def __init__(self, retry_after_s: float | None, *, quota: bool) -> None:
        super().__init__(f"retry after {retry_after_s}, quota {quota}")
        self.retry_after_s = retry_after_s
        self.quota = quota


class Wait(SpotifyTrouble):
    """No call may be made before `until`: because Spotify said so, or because our own budget is spent."""

    def __init__(self, until: datetime, name: str) -> None:
        super().__init__(f"{name} until {until.isoformat()}")
        self.until = until
        self.name = name
