"""Parents of many tables get wider columns, one column less, one more, and constraints come and go."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0002_integrity")]
    operations = [
        ops.AlterField("Account", "name", fields.CharField(max_length=400)),
        ops.AlterField("User", "email", fields.CharField(max_length=320, unique=True)),
        ops.AlterField("Meeting", "title", fields.CharField(max_length=600)),
        ops.AlterField("Contact", "phone", fields.CharField(max_length=64, null=True)),
        ops.RemoveField("Account", "accent_color"),
        ops.AddField("User", "pronouns", fields.CharField(max_length=40, db_default="they; them")),
        ops.AddConstraint("Outcome", CheckConstraint(check="position >= 0", name="outcome_position")),
        ops.AddConstraint(
            "Outcome",
            UniqueConstraint(fields=("account_id", "label"), name="outcome_label", condition="NOT is_archived"),
        ),
        ops.RemoveConstraint("Outcome", name="outcome_position"),
    ]
