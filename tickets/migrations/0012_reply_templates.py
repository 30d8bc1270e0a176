"""Keep words ready for replies."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_own_keys'),
        ('tenancy', '0001_initial'),
        ('tickets', '0011_plural_names'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReplyTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80)),
                ('body', models.TextField(help_text='Markdown. Filled in: {requester}, {reference}, {title}, {me}', max_length=10000)),
                ('is_active', models.BooleanField(default=True)),
                ('person', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
                ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.tenant')),
            ],
            options={
                'verbose_name': 'reply template',
                'indexes': [models.Index(fields=['tenant', 'title'], name='reply_template_list')],
                'constraints': [models.CheckConstraint(condition=models.Q(('team', None), ('person', None), _connector='OR'), name='reply_template_for_one')],
            },
        ),
    ]
