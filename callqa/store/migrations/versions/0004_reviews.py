"""samples drawn for review; what people attach for a candidate"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "samples",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=8), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_samples"),
        sa.UniqueConstraint("id", name="uq_samples_id"),
    )
    op.create_table(
        "attachments",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("candidate", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_attachments"),
        sa.UniqueConstraint("id", name="uq_attachments_id"),
    )
    op.create_index("ix_attachments_candidate", "attachments", ["candidate"])


def downgrade() -> None:
    op.drop_index("ix_attachments_candidate", "attachments")
    op.drop_table("attachments")
    op.drop_table("samples")
