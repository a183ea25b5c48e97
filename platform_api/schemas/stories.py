"""A story about a span, and the facts that it is made of."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from platform_api.schemas.model_info import ModelInfo


class StoryFact(BaseModel):
    label: str
    value: str
    also: list[str] = Field(
        default=[], description="names, dates and numbers beside the value that the sentence about it may state"
    )


class Story(BaseModel):
    """Every number, name and date in it comes from the facts beside it; a sentence that fails the check is not told."""

    model: ModelInfo
    span: str
    state: Literal["written", "writing", "plain"] = Field(
        description="`plain`: our own words so far; `writing`: the narrator is at it; `written`: as it was written"
    )
    text: str
    paragraphs: list[str]
    facts: list[StoryFact]
    checked: Literal[True] = True
    written_at: datetime | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "model": {"name": "narrator", "version": "1", "is_fallback": False, "detail": None},
                    "span": "2024",
                    "state": "written",
                    "text": "In 2024 you had 4,213 listens.",
                    "paragraphs": ["In 2024 you had 4,213 listens."],
                    "facts": [{"label": "Listens", "value": "4,213", "also": ["4,213 listens", "in 2024"]}],
                    "checked": True,
                    "written_at": "2026-01-03T10:00:00Z",
                }
            ]
        }
    )
