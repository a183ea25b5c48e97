"""Sentences of a small language model, true and untrue. Most of the untrue ones it really wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_api.services.ai_agent.fact_check import refusal
from platform_api.services.ai_agent.sheet import Fact

ARTIST = Fact(
    key="top_artist",
    label="Most time with",
    value="Grey Harbour",
    sentence="The artist you spent most time with was Grey Harbour, with 388 listens.",
    paragraph=1,
    names=("Grey Harbour",),
    measures=("388 listens",),
    gist=("artist", "most", "time"),
)
LISTENS = Fact(
    key="listens",
    label="Listens",
    value="4,213",
    sentence="In 2024 you had 4,213 listens.",
    paragraph=0,
    measures=("4,213 listens",),
    optional=("in 2024",),
)
COMEBACK = Fact(
    key="comeback",
    label="Came back",
    value="Mira Sol",
    sentence="After 143 silent days, Mira Sol came back on 3 May 2024.",
    paragraph=3,
    names=("3 May 2024", "Mira Sol"),
    measures=("after 143 silent days",),
    gist=("back",),
)
TRACK = Fact(
    key="top_track",
    label="Most played track",
    value="7 Days by 10 Seconds",
    sentence="Your most played track was “7 Days” by 10 Seconds, with 61 listens.",
    paragraph=1,
    names=("“7 Days” by 10 Seconds",),
    measures=("61 listens",),
    gist=("track", "most"),
)
FACTS = (ARTIST, LISTENS, COMEBACK, TRACK)


@pytest.mark.parametrize(
    ("sentence", "fact"),
    [
        ("In 2024 you had 4,213 listens.", LISTENS),
        ("You had 4,213 listens in 2024.", LISTENS),
        ("You had 4,213 listens.", LISTENS),
        ("The artist you spent the most time with was Grey Harbour: 388 listens.", ARTIST),
        ("Grey Harbour was the artist you spent most of your time with, with 388 listens.", ARTIST),
        ("Mira Sol came back on 3 May 2024, after 143 silent days.", COMEBACK),
        ("The track you played most was 7 Days by 10 Seconds, with 61 listens.", TRACK),
        ('Your most played track was "7 Days" by 10 Seconds, with 61 listens.', TRACK),
    ],
)
def test_true_sentences_pass_in_other_words(sentence: str, fact: Fact) -> None:
    assert refusal(sentence, fact) is None


@pytest.mark.parametrize(
    ("sentence", "fact"),
    [
        ("In 2024 you had 4,231 listens.", LISTENS),
        ("In 2024 you had 4213 listens.", LISTENS),
        ("In 2024 you had 14,213 listens.", LISTENS),
        ("In 2024 you had 4,213.5 listens.", LISTENS),
        ("In 2024 you listened to 4,213 songs.", LISTENS),
        ("In 2024 you had 4,213 listens, twice as many.", LISTENS),
        ("In 2024 you had 4,213 listens, a thousand of them at night.", LISTENS),
        ("In 2023 you had 4,213 listens.", LISTENS),
        ("In 2024 you had 4,213 listens, with 4,213 listens in 2024.", LISTENS),
        ("In 2024 you had 4,213 listens and 17 of them were new.", LISTENS),
        ("In 2024 you had ٤٢ of 4,213 listens.", LISTENS),
        ("In 2024 you had ½ of 4,213 listens.", LISTENS),
        ("In 2024 you had 4,213 listens, never more.", LISTENS),
        ("In 2024 you did not have 4,213 listens.", LISTENS),
        ("In 2024 you had 4,213 listens on rainy days.", LISTENS),
        ("In 2024 your friends had 4,213 listens.", LISTENS),
        ("In 2024 you had 4,213 listens in Prague.", LISTENS),
        ("In 2024 Adele had 4,213 listens.", LISTENS),
        ("You had many listens.", LISTENS),
        ("What a year!", LISTENS),
        ("", LISTENS),
        ("No one was closer to Grey Harbour than Grey Harbour, with 388 listens.", ARTIST),
        ("The artist you spent most time with was Grey Harbor, with 388 listens.", ARTIST),
        ("The artist you spent most time with was grey harbour, with 388 listens.", ARTIST),
        ("The artist you spent most time with was Grey Harbour, with 388 listens in one day.", ARTIST),
        ("Grey Harbour had 388 listens.", ARTIST),
        ("The artist you spent least time with was Grey Harbour, with 388 listens.", ARTIST),
        ("The music never stopped on 143 silent days: 143.", COMEBACK),
        ("On 143 silent days, Mira Sol came back on 3 May 2024.", COMEBACK),
        ("After 143 silent days, Mira Sol came back on 13 May 2024.", COMEBACK),
        ("After 143 silent days, Mira Sol came back on 3 May 2025.", COMEBACK),
        ("After 1143 silent days, Mira Sol came back on 3 May 2024.", COMEBACK),
        ("Your most played track was “7 Days” by 10 Seconds, with 61 listens in 7 days.", TRACK),
        ("Your most played track was “10 Days” by 7 Seconds, with 61 listens.", TRACK),
        ("Your most played track was “10 Seconds” by 7 Days, with 61 listens.", TRACK),
    ],
)
def test_untrue_sentences_are_refused(sentence: str, fact: Fact) -> None:
    assert refusal(sentence, fact) is not None


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.key)
def test_the_facts_own_sentence_passes(fact: Fact) -> None:
    assert refusal(fact.sentence, fact) is None


@given(
    fact=st.sampled_from(FACTS),
    place=st.integers(0, 200),
    intruder=st.one_of(
        st.integers(0, 10**6).map(str),
        st.sampled_from(["Berlin", "never", "twice", "dozens", "more", "rainy", "Ada Lovelace", "ten", "happier"]),
        st.characters(categories=["Nd", "No"]),
    ),
)
def test_one_invented_word_is_enough_to_be_refused(fact: Fact, place: int, intruder: str) -> None:
    words = fact.sentence.removesuffix(".").split()
    words.insert(place % len(words), intruder)
    assert refusal(" ".join(words) + ".", fact) is not None


@given(fact=st.sampled_from(FACTS), place=st.integers(0, 200), digit=st.characters(categories=["Nd"]))
def test_one_changed_digit_is_enough_to_be_refused(fact: Fact, place: int, digit: str) -> None:
    digits = [index for index, letter in enumerate(fact.sentence) if letter.isdigit()]
    index = digits[place % len(digits)]
    if fact.sentence[index] != digit:
        changed = fact.sentence[:index] + digit + fact.sentence[index + 1 :]
        assert refusal(changed, fact) is not None


@given(text=st.text(max_size=400), fact=st.sampled_from(FACTS))
def test_any_text_gets_a_verdict(text: str, fact: Fact) -> None:
    if refusal(text, fact) is None:
        assert all(name.replace("“", "").replace("”", "") in " ".join(text.split()) for name in fact.names)
