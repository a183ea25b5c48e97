"""The export of one's own data."""

from datetime import datetime

from pydantic import BaseModel


class ExportLink(BaseModel):
    """Follow `url` to download; it is relative to the page and ends in a few minutes."""

    url: str
    expires_at: datetime
