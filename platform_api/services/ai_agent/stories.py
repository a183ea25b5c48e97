"""A story as it is read, and the job that writes it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.orm import Session

from platform_api.crud import narratives, users
from platform_api.models import Narrative, User
from platform_api.schemas.model_info import ModelInfo
from platform_api.schemas.stories import Story, StoryFact
from platform_api.services.ai_agent import template
from platform_api.services.ai_agent.facts import fact_sheet
from platform_api.services.ai_agent.narrator import narrate
from platform_api.services.ai_agent.sheet import FactSheet, paragraphs_of
from platform_api.services.analytics import questions
from platform_api.services.inference.client import InferenceClient
from platform_api.services.inference.errors import ModelUnavailable
from platform_api.services.jobs import JobContext, JobLost, enqueue
from platform_api.services.wraps import build_wrap
from platform_api.utils.cache import Cache

log = structlog.get_logger(__name__)

TEMPLATE = "template"
NOT_ASKED = "Told in our own words. You can ask the narrator to write it."
CHANGED = "Something has changed since the narrator wrote about it, so this is told in our own words."
NO_CONSENT = "Told in our own words: you have not allowed your facts to be shown to a language model."
NOT_ALLOWED = "Told in our own words: some of these plays come from a source that does not allow a language model."
NONE_TRUE = "Told in our own words: none of the narrator's sentences held up to the facts."
WRITING = "The narrator is writing; until then this is told in our own words."


def read_story(session: Session, cache: Cache, user: User, span: str) -> Story:
    """What was written on the listener's present data, else the same facts in our own words."""
    narrative = narratives.narrative_of(session, user.id, span)
    writing = narratives.is_being_written(session, user.id, span)
    days = questions.days_of(questions.resolve(session, user, span))
    if narrative is not None and not writing:
        told = FactSheet.from_json(narrative.facts["sheet"])
        if narrative.data_version == user.data_version and _is_of_today(narrative, told, user, days):
            return _written(narrative, told)
    sheet = _sheet(session, cache, user, span)
    detail = WRITING if writing else CHANGED if narrative is not None else NOT_ASKED
    return _plain(user, sheet, "writing" if writing else "plain", detail)


def _is_of_today(narrative: Narrative, told: FactSheet, user: User, days: tuple[date, date]) -> bool:
    """ "last-28-days" is another span every day, and a year that runs is compared with more of the year before."""
    counted_on = told.told_on or narrative.written_at.astimezone(ZoneInfo(user.time_zone)).date()
    was_over = told.last_day < counted_on
    return (told.first_day, told.last_day) == days and (was_over or counted_on == questions.today_of(user))


def order_story(session: Session, cache: Cache, user: User, span: str) -> Story:
    """Has it written in the background, unless that is under way; answers what there is until then."""
    questions.resolve(session, user, span)  # what is not a span is refused here and not by the job
    if not narratives.is_being_written(session, user.id, span):
        enqueue(session, narratives.KIND, {"span": span}, user.id)
    return read_story(session, cache, user, span)


def write_story(context: JobContext) -> None:
    """The job `write_story`. A narrator that is away or not allowed is no failure: the template tells it then."""
    span = str(context.payload["span"])
    with context.sessions.begin() as session:
        context.still_mine(session)
        user = users.by_id(session, context.user_id)
        if user is None:
            raise JobLost
        sheet = fact_sheet(build_wrap(session, user, span))
        since, until = questions.resolve(session, user, span).moments(ZoneInfo(user.time_zone))
        reason = _why_not_narrated(session, user, since, until)
        may_look_back = not narratives.has_plays_not_to_be_narrated(session, user.id, None, since)
    told: Mapping[str, str] = {}
    model = ModelInfo(name=TEMPLATE, version="", is_fallback=True, detail=reason)
    if reason is None and sheet.facts:
        told, model = _narrated(context, sheet, may_look_back)
    with context.sessions.begin() as session:
        context.still_mine(session)
        narratives.keep_narrative(
            session,
            user.id,
            span,
            data_version=user.data_version,
            facts={"sheet": sheet.as_json(), "detail": model.detail, "narrated": sorted(told)},
            text=_text(sheet, told, seed=str(user.ml_key)),
            model=model.name,
            model_version=model.version,
            is_fallback=model.is_fallback,
        )
    log.info("story written", facts=len(sheet.facts), narrated=len(told), model=model.name)


def _narrated(context: JobContext, sheet: FactSheet, may_look_back: bool) -> tuple[Mapping[str, str], ModelInfo]:
    shown = tuple(fact for fact in sheet.facts if may_look_back or not fact.looks_back)

    def keep_going() -> None:
        with context.sessions.begin() as session:
            context.still_mine(session)

    inference: InferenceClient = context.inference
    try:
        told, model = narrate(inference, replace(sheet, facts=shown), keep_going)
    except ModelUnavailable as error:
        return {}, ModelInfo(name=TEMPLATE, version="", is_fallback=True, detail=error.detail)
    if not told:
        return {}, ModelInfo(name=TEMPLATE, version="", is_fallback=True, detail=NONE_TRUE)
    detail = f"{len(told)} of {len(sheet.facts)} sentences are the narrator's and true; the others are our own words."
    return told, model.model_copy(update={"detail": detail})


def _why_not_narrated(session: Session, user: User, since: datetime, until: datetime) -> str | None:
    """Consent and provenance: why these facts may not be shown to a language model, or None."""
    if not user.may_narrate:
        return NO_CONSENT
    if narratives.has_plays_not_to_be_narrated(session, user.id, since, until):
        return NOT_ALLOWED
    return None


def _sheet(session: Session, cache: Cache, user: User, span: str) -> FactSheet:
    asked = {"span": span, "today": questions.today_of(user), "zone": user.time_zone}
    kept = cache.cached(user, "fact_sheet", asked, lambda: fact_sheet(build_wrap(session, user, span)).as_json())
    return FactSheet.from_json(kept)


def _text(sheet: FactSheet, told: Mapping[str, str], seed: str) -> str:
    """Paragraphs parted by empty lines; the narrator's sentence for a fact where there is a true one."""
    if not sheet.facts:
        return template.nothing_to_tell(sheet)
    paragraphs = paragraphs_of(sheet.facts)
    phrased = (
        " ".join(told.get(fact.key) or template.phrasing(fact, f"{seed} {sheet.span}") for fact in facts)
        for facts in paragraphs
    )
    return "\n\n".join(phrased)


def _plain(user: User, sheet: FactSheet, state: str, detail: str) -> Story:
    text = _text(sheet, {}, seed=str(user.ml_key))
    model = ModelInfo(name=TEMPLATE, version="", is_fallback=True, detail=detail)
    return Story.model_validate({**_told(sheet, text), "model": model, "state": state})


def _written(narrative: Narrative, sheet: FactSheet) -> Story:
    model = ModelInfo(
        name=narrative.model,
        version=narrative.model_version,
        is_fallback=narrative.is_fallback,
        detail=narrative.facts.get("detail"),
    )
    told = _told(sheet, narrative.text)
    return Story.model_validate({**told, "model": model, "state": "written", "written_at": narrative.written_at})


def _told(sheet: FactSheet, text: str) -> dict[str, object]:
    facts = [StoryFact(label=fact.label, value=fact.value, also=fact.also) for fact in sheet.facts]
    return {"span": sheet.span, "text": text, "paragraphs": text.split("\n\n"), "facts": facts}
