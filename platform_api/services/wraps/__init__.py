"""Wraps: a span told as a story, for its page, for posts, for share links and for the narrator."""

from platform_api.services.wraps.building import build_wrap

__all__ = ["build_wrap"]
