"""Call what Core lists by its plural."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('sla', '0004_no_index_without_a_reader'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='ledgerentry',
            options={'default_permissions': (), 'verbose_name_plural': 'ledger entries'},
        ),
        migrations.AlterModelOptions(
            name='policy',
            options={'default_permissions': (), 'permissions': [('view_clock', 'Can see clocks and due times'), ('preview_clock', 'Can calculate clocks'), ('manage_sla', 'Can arrange calendars and policies')], 'verbose_name_plural': 'policies'},
        ),
    ]
