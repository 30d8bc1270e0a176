"""Call what Core lists by its plural."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0003_no_index_without_a_reader'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='delivery',
            options={'permissions': [('manage_deliveries', 'Can manage deliveries and where they go')], 'verbose_name_plural': 'deliveries'},
        ),
    ]
