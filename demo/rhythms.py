"""When people listen: a day's slots by rhythm, and what each doing asks of the music."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Slot:
    """A moment of a working (`work`) or other (`free`) day when a session may begin.

    `hour` and `spread` in local hours, `chance` on the days it applies to, `minutes` the mean length of a session,
    `sittings` how much one sitting invites another after a pause (1 to 3).
    """

    days: str
    doing: str
    hour: float
    spread: float
    chance: float
    minutes: float
    sittings: int = 1
    mobile: bool = False


# fmt: off
RHYTHMS: dict[str, tuple[Slot, ...]] = {
    "commuter": (
        Slot("work", "commute", 7.7, 0.25, 0.85, 34, mobile=True),
        Slot("work", "focus", 10.0, 0.9, 0.5, 55, 2),
        Slot("work", "commute", 17.6, 0.5, 0.8, 36, mobile=True),
        Slot("work", "evening", 20.2, 0.9, 0.35, 45),
        Slot("free", "chores", 10.5, 1.2, 0.6, 60, 2),
        Slot("free", "party", 20.5, 1.3, 0.35, 80),
        Slot("free", "winddown", 22.4, 0.6, 0.3, 40),
    ),
    "night_owl": (
        Slot("work", "focus", 14.5, 1.5, 0.45, 60, 2),
        Slot("work", "evening", 21.0, 1.2, 0.6, 55, 2),
        Slot("work", "night", 24.6, 1.0, 0.65, 70, 2),
        Slot("free", "chores", 14.0, 1.3, 0.45, 50),
        Slot("free", "party", 22.4, 1.2, 0.6, 110),
        Slot("free", "night", 25.5, 1.0, 0.5, 60),
    ),
    "student": (
        Slot("work", "commute", 8.6, 0.6, 0.5, 25, mobile=True),
        Slot("work", "focus", 11.5, 2.0, 0.55, 60, 3),
        Slot("work", "focus", 16.5, 1.5, 0.5, 60, 2),
        Slot("work", "evening", 21.5, 1.2, 0.5, 50),
        Slot("work", "winddown", 23.8, 0.7, 0.35, 35),
        Slot("free", "chores", 12.5, 1.5, 0.5, 50),
        Slot("free", "party", 21.5, 1.2, 0.55, 100, 2),
        Slot("free", "winddown", 25.0, 0.8, 0.3, 35),
    ),
    "parent": (
        Slot("work", "chores", 8.8, 0.5, 0.5, 35),
        Slot("work", "focus", 10.2, 0.8, 0.4, 50, 2),
        Slot("work", "chores", 18.2, 0.6, 0.55, 40),
        Slot("work", "winddown", 21.2, 0.5, 0.5, 45),
        Slot("free", "chores", 9.5, 0.9, 0.6, 55, 2),
        Slot("free", "commute", 11.5, 1.5, 0.35, 50, mobile=True),
        Slot("free", "winddown", 21.4, 0.6, 0.45, 45),
    ),
    "shift_worker": (
        Slot("work", "commute", 5.4, 0.3, 0.8, 30, mobile=True),
        Slot("work", "workout", 15.2, 0.8, 0.35, 45, mobile=True),
        Slot("work", "evening", 18.0, 1.0, 0.5, 50, 2),
        Slot("free", "commute", 13.3, 0.4, 0.5, 30, mobile=True),
        Slot("free", "night", 23.0, 0.8, 0.5, 60, 2),
        Slot("free", "chores", 11.0, 1.0, 0.5, 60),
    ),
    "runner": (
        Slot("work", "workout", 6.3, 0.3, 0.6, 42, mobile=True),
        Slot("work", "focus", 10.5, 1.2, 0.45, 55, 2),
        Slot("work", "evening", 19.5, 1.0, 0.4, 40),
        Slot("free", "workout", 8.8, 0.6, 0.65, 75, mobile=True),
        Slot("free", "chores", 13.0, 1.2, 0.4, 50, 2),
        Slot("free", "party", 20.4, 1.2, 0.35, 80),
    ),
}
# fmt: on

DOING_ENERGY: dict[str, float] = {
    "commute": 0.2,
    "focus": -0.5,
    "workout": 0.95,
    "chores": 0.25,
    "evening": -0.1,
    "party": 0.85,
    "night": 0.1,
    "winddown": -0.9,
}
"""What energy of music a doing asks for, on the scale of `Style.energy`."""

DOING_STRICTNESS: dict[str, float] = {
    "commute": 0.5,
    "focus": 1.3,
    "workout": 1.8,
    "chores": 0.4,
    "evening": 0.7,
    "party": 1.4,
    "night": 0.6,
    "winddown": 1.9,
}
"""How much it minds music of another energy."""
