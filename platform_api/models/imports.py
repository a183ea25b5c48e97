"""An import, its files and the rows that did not become plays: the ledger that accounts for every row."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from platform_api.models.base import Base, BigKey, CreatedAt


class Import(Base):
    """One upload. `rows = accepted + duplicate + skipped + broken` at every moment."""

    __tablename__ = "imports"

    id: Mapped[BigKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[str] = mapped_column(Text)
    stored_name: Mapped[str] = mapped_column(Text, comment="name in the upload folder; removed when the import ends")
    bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text, server_default=text("'spotify_export'"))
    state: Mapped[str] = mapped_column(
        Text, server_default=text("'queued'"), comment="queued, running, done, failed, undoing or undone"
    )
    error: Mapped[str | None] = mapped_column(Text, comment="one plain sentence for the listener")
    created_at: Mapped[CreatedAt]
    finished_at: Mapped[datetime | None]


class ImportFile(Base):
    """One history file inside an upload; `rows` counts rows with a verdict, so it is also the cursor to resume at."""

    __tablename__ = "import_files"

    id: Mapped[BigKey]
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)
    format: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default=text("'queued'"), comment="queued, done, ignored or broken")
    error: Mapped[str | None] = mapped_column(Text)
    total_rows: Mapped[int | None]
    rows: Mapped[int] = mapped_column(server_default=text("0"))
    accepted: Mapped[int] = mapped_column(server_default=text("0"))
    duplicate: Mapped[int] = mapped_column(server_default=text("0"))
    skipped: Mapped[int] = mapped_column(server_default=text("0"))
    broken: Mapped[int] = mapped_column(server_default=text("0"))
    reasons: Mapped[dict[str, dict[str, int]]] = mapped_column(
        JSONB, server_default=text("'{}'"), comment="rows per verdict and reason: {verdict: {reason: rows}}"
    )
    settings_before: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="settings that this file filled: {name: [before, since]}"
    )


class ImportReject(Base):
    """A row of the ledger that can be read: the first ones of each reason are kept, also of those that became plays."""

    __tablename__ = "import_rejects"

    id: Mapped[BigKey]
    import_file_id: Mapped[int] = mapped_column(ForeignKey("import_files.id", ondelete="CASCADE"), index=True)
    row: Mapped[int] = mapped_column(comment="position in the file, from 1")
    verdict: Mapped[str] = mapped_column(Text, comment="accepted, duplicate, skipped or broken")
    reason: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="the row without address and user name")
