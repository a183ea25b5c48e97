"""Who answered: every answer that a model has a part in says so."""

from pydantic import BaseModel, ConfigDict, Field


class ModelInfo(BaseModel):
    """The model behind an answer, or the plainer rule that stood in for it."""

    name: str = Field(description="Name of the model, or of the rule that answered instead")
    version: str = Field(description="Version that answered; empty for a rule")
    is_fallback: bool = Field(description="True when the model could not be asked and a plainer rule answered")
    detail: str | None = Field(default=None, description="Why it is a fallback, in one plain sentence")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "recommender", "version": "3", "is_fallback": False, "detail": None},
                {
                    "name": "popular_and_recent",
                    "version": "",
                    "is_fallback": True,
                    "detail": "The model server is not answering right now.",
                },
            ]
        }
    )
