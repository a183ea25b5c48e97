"""People, posts, comments, notifications and shares as they are shown."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from platform_api.schemas.shown_wraps import EVERYTHING, Choice, ShownWrap
from platform_api.schemas.text import PostText, ShortText

ReactionKind = Literal["like", "same", "surprised"]
Span = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class PersonRef(BaseModel):
    """Somebody, as far as a name beside their words goes."""

    model_config = ConfigDict(from_attributes=True)

    handle: str
    display_name: str


class Person(PersonRef):
    """Somebody in a search."""

    is_me: bool
    is_following: bool
    follows_me: bool
    is_blocked: bool


class Comment(BaseModel):
    id: int
    author: PersonRef
    text: str
    created_at: datetime
    mine: bool


class Post(BaseModel):
    """`wrap` is the wrap of `span` as it was when the post was written."""

    id: int
    author: PersonRef
    text: str
    span: str | None
    wrap: ShownWrap | None
    created_at: datetime
    comments: list[Comment]
    reactions: dict[ReactionKind, int]
    my_reactions: list[ReactionKind]
    mine: bool


class Profile(Person):
    """`posts` are the latest ones; empty unless you follow this person or it is you. Nothing is told of somebody whom
    you blocked."""

    joined_at: datetime | None
    followers: int | None
    following: int | None
    posts: list[Post]


class People(BaseModel):
    items: list[Person]


class PeoplePage(People):
    """By handle. `next_after` asks for the page after this one; null at the end."""

    next_after: str | None


class Feed(BaseModel):
    """Newest first. `next_before` asks for the page after this one; null at the end."""

    items: list[Post]
    next_before: int | None


class NewPost(BaseModel):
    """Words, a wrap, or both."""

    model_config = ConfigDict(extra="forbid")

    text: PostText = ""
    span: Span | None = None

    @model_validator(mode="after")
    def say_something(self) -> "NewPost":
        if not self.text and self.span is None:
            raise ValueError("a post needs words, a wrap, or both")
        return self


class NewComment(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Annotated[ShortText, StringConstraints(min_length=1)]


class Notification(BaseModel):
    """Something that happened to you. `actor` is null where nobody did it, `span` names the time that is over."""

    id: int
    kind: str
    actor: PersonRef | None
    post_id: int | None
    import_id: int | None
    span: str | None
    detail: str | None
    created_at: datetime
    read: bool


class Notifications(BaseModel):
    """Newest first. `unread` counts all, not only these; `next_before` asks for older ones, null at the end."""

    items: list[Notification]
    unread: int
    next_before: int | None


class NewShare(BaseModel):
    """A link to the wrap of `span` as it is now, for `days` days; whoever holds it sees what `shows` names, no more."""

    model_config = ConfigDict(extra="forbid")

    span: Span
    days: int = Field(default=30, ge=1, le=365)
    shows: list[Choice] = Field(default=list(EVERYTHING), min_length=1, max_length=len(EVERYTHING))


class Share(BaseModel):
    id: int
    token: str
    url: str
    span: str
    shows: list[Choice]
    created_at: datetime
    expires_at: datetime


class Shares(BaseModel):
    items: list[Share]


class SharedWrap(BaseModel):
    """What the holder of a link sees."""

    span: str
    wrap: ShownWrap
    expires_at: datetime
