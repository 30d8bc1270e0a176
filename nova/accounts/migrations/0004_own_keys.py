"""Let people make API keys of their own."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_no_index_without_a_reader'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='user',
            options={'default_permissions': (), 'permissions': [('enter_core', 'Can enter Nova Core'), ('look_up_people', 'Can look up people'), ('manage_people', 'Can manage people'), ('manage_roles', 'Can manage roles and who holds them'), ('manage_organisation', 'Can manage departments, sites, services and teams'), ('make_keys', 'Can make API keys of their own'), ('manage_keys', 'Can manage API keys of everybody')], 'verbose_name': 'person', 'verbose_name_plural': 'people'},
        ),
    ]
