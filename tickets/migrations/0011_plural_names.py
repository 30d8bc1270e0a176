"""Call what Core lists by its plural."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tickets", "0010_no_index_without_a_reader")]
    operations = [
        migrations.AlterModelOptions(
            name='category',
            options={'verbose_name_plural': 'categories'},
        ),
        migrations.AlterModelOptions(
            name='desksettings',
            options={'verbose_name': 'desk settings', 'verbose_name_plural': 'desk settings'},
        ),
    ]
