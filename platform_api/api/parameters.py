"""Parameters that mean the same on every route."""

from typing import Annotated

from fastapi import Path, Query

LARGEST_ID = 2**63 - 1

Id = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Handle = Annotated[str, Path(min_length=1, max_length=64)]
Before = Annotated[int | None, Query(ge=1, le=LARGEST_ID, description="Ids below this one: the last id already seen")]
PageSize = Annotated[int, Query(ge=1, le=100)]
