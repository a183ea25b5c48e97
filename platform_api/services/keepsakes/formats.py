"""The files of an export's folder `yours`: one for each kind of thing, a row a line."""

import re
from dataclasses import dataclass

from platform_api.services.keepsakes import rows
from platform_api.services.keepsakes.rows import Judge

SOURCE = "tonearm"


@dataclass(frozen=True)
class KeepsakeFormat:
    """`marker` is a field that every row has once. What is `behind_plays` is brought back after them, else before."""

    kind: str
    file_name: str
    judge: Judge
    marker: str = "tonearm"
    behind_plays: bool = False

    @property
    def name(self) -> str:
        return f"own_{self.file_name}"

    @property
    def source(self) -> str:
        return SOURCE

    def is_called(self, base_name: str) -> bool:
        return base_name == f"{self.file_name}.jsonl"

    def begins(self, start: bytes) -> bool:
        """Whether one of the rows in these first bytes says that it is of this kind, however damaged the others are."""
        return re.search(rb'"tonearm"\s*:\s*"%s"' % self.kind.encode(), start) is not None


KEEPSAKES = (
    # settings first: they fill an account only before anything else is in it
    KeepsakeFormat("setting", "settings", rows.setting),
    # the plays then come in counted as they were, which costs less than counting them anew
    KeepsakeFormat("merge", "merges", rows.merge),
    KeepsakeFormat("refusal", "refused_pairs", rows.refusal),
    KeepsakeFormat("hidden_artist", "hidden_artists", rows.hidden_artist),
    KeepsakeFormat("feedback", "feedback", rows.feedback),
    KeepsakeFormat("genre", "genres", rows.genre),
    KeepsakeFormat("playlist", "playlists", rows.playlist),
    # a play that was deleted and told again stands in the export: it has to be in before the deletion is
    KeepsakeFormat("change", "changes", rows.change, marker="made_at", behind_plays=True),
)
KEEPSAKE_BY_NAME = {each.name: each for each in KEEPSAKES}
