"""What people of the town say to each other: who follows whom, posts with a wrap, comments and reactions, and that all
but the main listener, who decides in person, allow their taste to be compared."""

import json
import math
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from demo.doors import Guest

MONTH, YEAR = "month", "year"

POSTS: tuple[tuple[str, str, str], ...] = (
    ("marek", YEAR, "A year in numbers, most of them after midnight. I regret nothing, my neighbours might."),
    ("odile", MONTH, "This month somebody in this house discovered the repeat button, and it was me."),
    ("finn", MONTH, "Running in the rain turns out to have a tempo. See the mornings."),
    ("ines", YEAR, "I would have sworn it was a bossa year. The chart says otherwise, and the chart has receipts."),
    ("kenji", MONTH, "Same train, same hour, same quartet. Some habits deserve to be kept."),
    ("pilar", YEAR, "So many skips. I prefer to call it having standards."),
    ("teuila", MONTH, "Everything before eight in the morning was chosen by a four-year-old."),
    ("noor", MONTH, "An old favourite came back after months away, and brought all its friends."),
    ("wanjiru", YEAR, "My year, mostly between two bus stops."),
    ("ray", MONTH, "Quiet music for a loud month."),
    ("ines", MONTH, "New favourite, old habit: Thursday evenings belong to the kitchen speaker."),
)
"""Author, the span of the wrap, and the words."""

COMMENTS: tuple[tuple[str, int, str], ...] = (
    ("soren", 0, "As the neighbour in spirit: carry on."),
    ("noor", 0, "The hour from two to three is doing a lot of work there."),
    ("kenji", 1, "Which one? I need to know what I have been missing."),
    ("gus", 2, "Rain has exactly one tempo and it is too fast."),
    ("wanjiru", 3, "Mine said the same. We should start a club for the surprised."),
    ("marek", 3, "Welcome to the other side of the day."),
    ("odile", 4, "The quartet never wears out, I have tested it."),
    ("yara", 5, "Standards is exactly the word."),
    ("cass", 6, "Excellent taste for four."),
    ("marek", 7, "The best kind of return."),
    ("ines", 8, "Between two stops there is room for a whole album, if traffic is kind."),
    ("soren", 9, "Adding all of this to a very long drive."),
)
"""Author, which post, and the words."""

REACTIONS: tuple[tuple[str, int, str], ...] = (
    ("ines", 0, "like"), ("pilar", 0, "same"), ("ines", 1, "same"), ("hazel", 1, "like"), ("tucker", 2, "same"),
    ("odile", 3, "surprised"), ("kenji", 3, "like"), ("soren", 3, "like"), ("ines", 4, "like"), ("jolene", 5, "same"),
    ("aditi", 5, "same"), ("ines", 6, "like"), ("hazel", 6, "same"), ("ines", 7, "surprised"), ("sunny", 8, "same"),
    ("soren", 9, "like"), ("bruno", 10, "like"),
)  # fmt: skip


def follows(tastes: dict[str, dict[str, float]], main: str) -> list[tuple[str, str]]:
    """Who follows whom: each the three people of most similar taste, the main listener all who post, and everybody
    those to whom they say something, since a post is shown to followers only.
    """
    pairs = []
    for handle, taste in tastes.items():
        others = sorted(
            (other for other in tastes if other != handle), key=lambda other: -_cosine(taste, tastes[other])
        )
        pairs += [(handle, other) for other in others[:3]]
    pairs += [(main, author) for author in dict.fromkeys(author for author, _, _ in POSTS) if author != main]
    pairs += [(speaker, POSTS[number][0]) for speaker, number, _ in (*COMMENTS, *REACTIONS)]
    return [(one, other) for one, other in dict.fromkeys(pairs) if one in tastes and other in tastes and one != other]


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    shared = sum(weight * other.get(style, 0.0) for style, weight in one.items())
    return shared / (math.hypot(*one.values()) * math.hypot(*other.values()))


def span_of(kind: str, end: date) -> str:
    """The last whole month or year of the town, whose last day is `end`."""
    after = end + timedelta(days=1)
    if kind == YEAR:
        return str(after.year - 1)
    return (after.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


def gossip(guests: dict[str, Guest], folder: Path, main: str, console: Console) -> None:
    """Follow, post, comment and react, each only where it has not been done. Raises DoorClosed."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["listeners"]
    end = date.fromisoformat(json.loads((folder / "town.json").read_text(encoding="utf-8"))["end"])
    tastes = {handle: truth[handle]["tastes"] for handle in guests}
    pairs = follows(tastes, main)
    for handle, other in pairs:
        guests[handle].send("PUT", f"/people/{other}/follow")
    for handle, guest in guests.items():
        if handle != main:
            guest.send("PATCH", "/me", {"may_compare": True})
    posts: dict[int, dict[str, Any]] = {}
    for number, (author, kind, text) in enumerate(POSTS):
        if author in guests:
            posts[number] = _post(guests[author], text, span_of(kind, end))
    for author, number, text in COMMENTS:
        said = {comment["text"] for comment in posts[number]["comments"]} if number in posts else set()
        if author in guests and number in posts and text not in said:
            guests[author].send("POST", f"/posts/{posts[number]['id']}/comments", {"text": text})
    for author, number, kind in REACTIONS:
        if author in guests and number in posts:
            guests[author].send("PUT", f"/posts/{posts[number]['id']}/reactions/{kind}")
    console.print(f"{len(pairs)} follow one another, {len(posts)} posts are on the board.")


def _post(guest: Guest, text: str, span: str) -> dict[str, Any]:
    """The listener's own post with these words, written now unless it is there."""
    for post in guest.get("/feed", limit=100)["items"]:
        if post["mine"] and post["text"] == text:
            return dict(post)
    return dict(guest.send("POST", "/posts", {"text": text, "span": span}))
