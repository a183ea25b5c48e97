from datetime import date

from platform_api.crud.habits import ArtistFacts, Candidate
from platform_api.services.habits.days import DayFacts, HourShare
from platform_api.services.habits.whys import routine, why_next, why_skipped, why_surprising

FRIDAY = date(2024, 5, 17)


def facts(listens: int, **others: object) -> DayFacts:
    given = {"usual_listens": 18.0, "top_artist": None, "top_artist_listens": 0, "new_tracks": 0, "hours": [20]}
    return DayFacts(day=FRIDAY, listens=listens, ms_played=listens * 200_000, **{**given, **others})  # type: ignore[arg-type]


def test_the_most_telling_facts_come_first() -> None:
    busy = facts(61, top_artist="Grey Harbour", top_artist_listens=40, new_tracks=30)
    assert why_surprising(busy) == (
        "61 listens, where a Friday usually has about 18. 40 of 61 listens went to Grey Harbour."
    )
    assert why_surprising(facts(0, hours=[])) == "A silent Friday, where you usually have about 18 listens."
    assert why_surprising(facts(5)) == "Only 5 listens, where a Friday usually has about 18."
    assert why_surprising(facts(18, new_tracks=9)) == "You heard 9 tracks for the first time."


def test_hours_that_the_day_does_not_confirm_are_not_told() -> None:
    assert "3:00" not in why_surprising(facts(18, hours=[20]), unusual_hours=[3])
    assert why_surprising(facts(18, hours=[3, 4]), unusual_hours=[3], missing_hours=[4, 20]) == (
        "You listened at 3:00, when it is usually quiet. Nothing at 20:00, when you usually listen."
    )


def test_there_is_always_a_true_sentence() -> None:
    assert why_surprising(facts(18)) == "18 listens at hours that are not like other Fridays."
    assert why_surprising(facts(18, usual_listens=None)) == "18 listens at hours that are not like other Fridays."


def test_a_week_is_told_as_it_is() -> None:
    def week(share: float) -> list[HourShare]:
        return [
            HourShare(day, hour, share if (day, hour) == (3, 22) else 0.1) for day in range(7) for hour in range(24)
        ]

    likeliest = "Music is most likely on Thursdays at 22:00: it played then in 71\xa0% of recent weeks."
    assert routine(week(0.71)) == likeliest
    assert "no fixed hours" in routine(week(0.2))
    assert "no week of music" in routine([])


def test_a_skip_is_told_of_the_plays_that_tell_it() -> None:
    def why(plays: int, told: int, skips: int) -> str | None:
        return why_skipped(Candidate(1, "t", "a", plays, told, skips))

    assert why(9, 9, 2) == "You skipped it twice in its latest 9 plays."
    assert why(9, 3, 2) == "You skipped it twice in its latest 3 plays, of those that tell it."
    assert why(9, 0, 0) is None


def test_of_an_artist_without_a_listen_no_more_is_said() -> None:
    """It was said to be often heard before, and may have been played once, or skipped yesterday."""
    silent = ArtistFacts("a", 1, "Nobody", listens=0, around_hour=0, last_day=None)
    assert why_next(silent, 20) == "Nothing listened to in 4 weeks."
