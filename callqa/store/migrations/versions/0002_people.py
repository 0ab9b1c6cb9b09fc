"""what people decide and correct; which listening an analysis rests on"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("judgements", "corrections"):
        op.create_table(
            name,
            sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
            sa.Column("id", sa.String(length=16), nullable=False),
            sa.Column("call_id", sa.String(), nullable=False),
            sa.Column("at", sa.String(length=32), nullable=False),
            sa.Column("content", sa.LargeBinary(), nullable=False),
            sa.ForeignKeyConstraint(["call_id"], ["calls.call_id"], name=f"fk_{name}_call_id"),
            sa.PrimaryKeyConstraint("number", name=f"pk_{name}"),
            sa.UniqueConstraint("id", name=f"uq_{name}_id"),
        )
        op.create_index(f"ix_{name}_call_id", name, ["call_id"])
    with op.batch_alter_table("analyses") as table:
        table.add_column(sa.Column("heard", sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("analyses") as table:
        table.drop_column("heard")
    for name in ("corrections", "judgements"):
        op.drop_index(f"ix_{name}_call_id", name)
        op.drop_table(name)
