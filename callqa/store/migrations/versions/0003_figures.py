"""figures of agents and days; figures that people enter"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATUSES = ("not_assessable", "not_applicable", "contradicted", "evidenced", "partly",
            "not_evidenced")  # fmt: skip


def upgrade() -> None:
    # What is there already was made by an upgrade that was stopped while it counted old calls.
    op.create_table(
        "tallies",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("analysis", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("sort", sa.String(length=16), nullable=False),
        sa.Column("situation", sa.String(), nullable=False),
        sa.Column("length_ms", sa.Integer(), nullable=True),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["analysis"], ["analyses.id"], name="fk_tallies_analysis"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.call_id"], name="fk_tallies_call_id"),
        sa.PrimaryKeyConstraint("call_id", "agent", "role", name="pk_tallies"),
        if_not_exists=True,
    )
    op.create_index("ix_tallies_agent_day", "tallies", ["agent", "day"], if_not_exists=True)
    _daily("daily_calls", ("sort", "situation"), ("calls", "timed", "length_ms"))
    _daily("daily_marks", ("criteria", "criterion", "decided"), STATUSES)
    op.create_table(
        "entered",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("agent_id", sa.String(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_entered"),
        sa.UniqueConstraint("id", name="uq_entered_id"),
        if_not_exists=True,
    )
    op.create_index("ix_entered_agent_id", "entered", ["agent_id"], if_not_exists=True)


def _daily(name: str, keys: tuple[str, ...], numbers: tuple[str, ...]) -> None:
    words = ("agent", "day", "team", *keys)
    op.create_table(
        name,
        *(sa.Column(k, sa.String(), nullable=False) for k in words),
        *(sa.Column(n, sa.BigInteger(), nullable=False) for n in numbers),
        sa.PrimaryKeyConstraint(*words, name=f"pk_{name}"),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )


def downgrade() -> None:
    op.drop_table("entered")
    op.drop_table("daily_marks")
    op.drop_table("daily_calls")
    op.drop_table("tallies")
