"""Names, counts and release days of the invented music."""

import re
from datetime import timedelta

from demo.catalogue import NEVER_PLAYED, SINGLES_AHEAD, Catalogue, make_catalogue
from demo.params import TownParams
from demo.styles import STYLE_KEYS


def test_sixty_artists_in_eight_styles_with_about_four_hundred_tracks(catalogue: Catalogue) -> None:
    assert len(catalogue.artists) == 60
    assert {track.style for track in catalogue.tracks} == set(STYLE_KEYS)
    assert 380 <= len(catalogue.tracks) <= 450


def test_a_track_is_named_once_by_uri_and_once_by_artist_and_title(catalogue: Catalogue) -> None:
    uris = [track.uri for track in catalogue.tracks] + [track.single[0] for track in catalogue.tracks if track.single]
    assert len(set(uris)) == len(uris)
    assert all(re.fullmatch(r"spotify:track:[0-9A-Za-z]{22}", uri) for uri in uris)
    names = {(track.artist, track.name.casefold()) for track in catalogue.tracks}
    assert len(names) == len(catalogue.tracks)


def test_nothing_is_released_after_the_end_and_much_during_the_histories(
    catalogue: Catalogue, params: TownParams
) -> None:
    released = [album.released for album in catalogue.albums]
    assert max(released) < params.end
    recent = sum(day > params.end - timedelta(days=4 * 365) for day in released)
    assert recent > len(released) / 3


def test_some_tracks_are_never_played_and_some_came_out_as_a_single_first(catalogue: Catalogue) -> None:
    assert sum(track.never_played for track in catalogue.tracks) == NEVER_PLAYED
    singles = [track for track in catalogue.tracks if track.single]
    assert len(singles) == SINGLES_AHEAD
    assert all(track.single and track.single[1] < catalogue.album_of(track).released for track in singles)


def test_another_seed_is_another_town(params: TownParams) -> None:
    other = make_catalogue(TownParams(end=params.end, seed=params.seed + 1))
    assert other.tracks[0].uri != make_catalogue(params).tracks[0].uri
