"""Keep the rows of imports in one place only, and say of every import when it last moved."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0020_rows_become_lines")]
    operations = [
        migrations.RemoveField("peopleimport", "rows"),
        # The key of those that point at it (docs/decisions/0032) reads the list as well.
        migrations.RemoveIndex("peopleimport", "people_import_list"),
        migrations.AlterField("peopleimport", "moved_at", models.DateTimeField()),
    ]
