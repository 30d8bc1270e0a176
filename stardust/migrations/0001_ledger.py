"""The ledger, who takes no part, and what a tenant settles."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('events', '0006_done_in_ones_name'),
        ('tenancy', '0001_initial'),
        ('tickets', '0022_ratings_within_the_tenant'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('earned', 'Earned'), ('taken_back', 'Taken back')], max_length=10)),
                ('is_bonus', models.BooleanField(default=False)),
                ('points', models.SmallIntegerField()),
                ('words', models.CharField(max_length=250)),
                ('day', models.DateField()),
                ('at', models.DateTimeField()),
                ('fact', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.eventrecord')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('takes_back', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='counters', to='stardust.entry')),
                ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.tenant')),
                ('ticket', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.ticket')),
            ],
            options={
                'verbose_name': 'entry',
                'verbose_name_plural': 'entries',
                'permissions': [('view_own', 'Can see their own Stardust'), ('view_team', 'Can see the Stardust of everybody who takes part'), ('manage_rules', 'Can arrange what brings Stardust')],
                'default_permissions': (),
                'indexes': [models.Index(fields=['person', '-id'], name='stardust_of_person'), models.Index(fields=['person', 'day'], name='stardust_of_day'), models.Index(fields=['tenant', 'day'], name='stardust_by_day'), models.Index(fields=['ticket'], name='stardust_of_ticket')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'fact', 'kind', 'is_bonus'), name='stardust_once'), models.UniqueConstraint(fields=('takes_back',), name='stardust_taken_back_once'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'earned'), ('points__gte', 0), ('takes_back', None)), models.Q(('kind', 'taken_back'), ('points__lt', 0), ('takes_back__isnull', False)), _connector='OR'), name='stardust_signs')],
            },
        ),
        migrations.CreateModel(
            name='OptOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.tenant')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('person',), name='stardust_opted_out_once')],
            },
        ),
        migrations.CreateModel(
            name='StardustSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_on', models.BooleanField(default=True, help_text='Off, nobody earns any, and there is no page and no link', verbose_name='Stardust is on')),
                ('left_75', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MaxValueValidator(1000)], verbose_name='with 75 % of the time left')),
                ('left_50', models.PositiveSmallIntegerField(default=8, validators=[django.core.validators.MaxValueValidator(1000)], verbose_name='with 50 % left')),
                ('left_25', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MaxValueValidator(1000)], verbose_name='with 25 % left')),
                ('in_time', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MaxValueValidator(1000)], verbose_name='in time')),
                ('p1', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MaxValueValidator(1000)], verbose_name='more for a P1')),
                ('p2', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MaxValueValidator(1000)], verbose_name='more for a P2')),
                ('problem', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MaxValueValidator(1000)], verbose_name='more for a problem')),
                ('daily_limit', models.PositiveSmallIntegerField(default=60, help_text='For each person; 0: no limit', validators=[django.core.validators.MaxValueValidator(1000)], verbose_name='limit of a day')),
                ('exec', models.PositiveSmallIntegerField(default=6, validators=[django.core.validators.MaxValueValidator(1000)], verbose_name='bonus for an Exec')),
                ('gold', models.PositiveSmallIntegerField(default=4, validators=[django.core.validators.MaxValueValidator(1000)], verbose_name='bonus for a Gold')),
                ('priority', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MaxValueValidator(1000)], verbose_name='bonus for a Priority')),
                ('bonus_from_percent', models.PositiveSmallIntegerField(default=50, help_text='So many percent of the time must be left', validators=[django.core.validators.MaxValueValidator(100)], verbose_name='bonus from')),
                ('bonus_daily_limit', models.PositiveSmallIntegerField(default=24, help_text='For each person, beside the other limit; 0: no limit', validators=[django.core.validators.MaxValueValidator(1000)], verbose_name='limit of bonuses a day')),
                ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.tenant')),
            ],
            options={
                'verbose_name': 'Stardust settings',
                'verbose_name_plural': 'Stardust settings',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('tenant',), name='stardust_settings_once'), models.CheckConstraint(condition=models.Q(('left_25__gte', models.F('in_time')), ('left_50__gte', models.F('left_25')), ('left_75__gte', models.F('left_50'))), name='stardust_sooner_is_better', violation_error_message='More time left brings no less than less time left.')],
            },
        ),
    ]
