"""An account, and how other people see it."""

from datetime import datetime
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from platform_api.schemas.text import Name

NOT_A_PLACE = {"localtime", "posixrules", "Factory"}


@cache
def known_time_zones() -> frozenset[str]:
    return frozenset(available_timezones() - NOT_A_PLACE)


def known_time_zone(name: str) -> str:
    if name not in known_time_zones():
        raise ValueError("it is not the IANA name of a time zone, such as Europe/Prague")
    return name


TimeZone = Annotated[str, StringConstraints(max_length=64), AfterValidator(known_time_zone)]


class NewSession(BaseModel):
    """The browser's own time zone; it counts at the first sign-in only."""

    model_config = ConfigDict(extra="forbid")

    time_zone: TimeZone


class Account(BaseModel):
    """One's own account."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    handle: str
    display_name: str
    email: str | None
    time_zone: str
    may_train: bool
    may_narrate: bool
    may_compare: bool
    discoverable: bool
    data_version: int
    created_at: datetime
    first_play_at: datetime | None = None
    last_play_at: datetime | None = None
    plays: int = 0


class AccountChange(BaseModel):
    """What a listener may change; anything else is refused. A field left out (or null) stays as it is."""

    model_config = ConfigDict(extra="forbid")

    handle: Annotated[str, StringConstraints(max_length=64)] | None = None
    display_name: Name | None = None
    time_zone: TimeZone | None = None
    may_train: bool | None = None
    may_narrate: bool | None = None
    may_compare: bool | None = None
    discoverable: bool | None = None
