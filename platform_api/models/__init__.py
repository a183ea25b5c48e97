"""Every table. Importing this package is what makes `Base.metadata` complete."""

from platform_api.models.base import Base
from platform_api.models.care import DeletedPlay, HiddenArtist, MergeRefusal, PlayChange, TrackMerge
from platform_api.models.catalogue import (
    Album,
    Artist,
    CatalogueVersion,
    Track,
    TrackArtist,
    TrackEmbedding,
    TrackGenre,
)
from platform_api.models.community import Block, Comment, Follow, Notification, Post, Reaction, Share
from platform_api.models.imports import Import, ImportFile, ImportReject
from platform_api.models.jobs import Job, WorkerHeartbeat
from platform_api.models.kept_answers import KeptAnswer
from platform_api.models.listening import CountedPlay, Groove, Play, PlaySource, RetoldPlay
from platform_api.models.playlists import Playlist, PlaylistTrack
from platform_api.models.recommendations import Narrative, RecommendationFeedback, RecommendationShown
from platform_api.models.sound import SoundSource
from platform_api.models.spotify import SpotifyAuthorisation, SpotifyCalls, SpotifyGate, SpotifyLink
from platform_api.models.users import ApiToken, User

__all__ = [
    "Album", "ApiToken", "Artist", "Base", "Block", "CatalogueVersion", "Comment", "CountedPlay",
    "DeletedPlay", "Follow", "Groove", "HiddenArtist", "Import", "ImportFile", "ImportReject", "Job", "KeptAnswer",
    "MergeRefusal", "Narrative", "Notification", "Play", "PlayChange", "PlaySource", "Playlist", "PlaylistTrack",
    "Post", "Reaction", "RecommendationFeedback", "RecommendationShown", "RetoldPlay", "Share", "SoundSource",
    "SpotifyAuthorisation", "SpotifyCalls", "SpotifyGate", "SpotifyLink", "Track", "TrackArtist", "TrackEmbedding",
    "TrackGenre", "TrackMerge", "User", "WorkerHeartbeat",
]  # fmt: skip
