"""Mounts every endpoint module under /api/v1. One line per module; a v2 can stand beside it."""

from fastapi import APIRouter

from platform_api.api.endpoints import (
    analysis,
    auth,
    care,
    discoveries,
    export,
    habits,
    imports,
    library,
    notifications,
    people,
    playlists,
    posts,
    recommendations,
    rhythm,
    shares,
    sound,
    spotify,
    stories,
    system,
    tokens,
    variety,
    ways,
    wraps,
)

api_v1 = APIRouter(prefix="/api/v1")
api_v1.include_router(system.router)
api_v1.include_router(auth.router)
api_v1.include_router(imports.router)
api_v1.include_router(recommendations.router)
api_v1.include_router(playlists.router)
api_v1.include_router(notifications.router)
api_v1.include_router(analysis.router)
api_v1.include_router(rhythm.router)
api_v1.include_router(ways.router)
api_v1.include_router(discoveries.router)
api_v1.include_router(variety.router)
api_v1.include_router(care.router)
api_v1.include_router(library.router)
api_v1.include_router(wraps.router)
api_v1.include_router(sound.router)
api_v1.include_router(spotify.router)
api_v1.include_router(people.router)
api_v1.include_router(posts.router)
api_v1.include_router(shares.router)
api_v1.include_router(habits.router)
api_v1.include_router(stories.router)
api_v1.include_router(tokens.router)
api_v1.include_router(export.router)
api_v1.include_router(export.plays_router)
