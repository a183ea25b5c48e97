"""Wraps: a span told as a story, for its page, for posts, for share links and for the narrator."""

from platform_api.services.wraps.building import build_wrap
from platform_api.services.wraps.showing import shown, shown_snapshot

__all__ = ["build_wrap", "shown", "shown_snapshot"]
