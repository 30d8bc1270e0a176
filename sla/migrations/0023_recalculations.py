"""Recalculations, and a line for each clock that one of them changes."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STATUSES = [('previewing', 'Being previewed'), ('previewed', 'Previewed'), ('applying', 'Being applied'), ('applied', 'Applied'), ('undone', 'Undone'), ('failed', 'Failed'), ('cancelled', 'Cancelled')]
SCOPES = [('all', 'All running clocks'), ('policies', 'Chosen policies'), ('calendar', 'A calendar'), ('vips', 'Tickets of VIPs'), ('undo', 'What another one changed')]
KINDS = [('later', 'Due later'), ('earlier', 'Due earlier'), ('breached', 'Becomes breached'), ('healed', 'No longer breached'), ('same', 'Other terms, same due time'), ('left_out', 'Left out: changed in between')]


def plain(to, **options):
    options = {"related_name": "+", "db_index": False, **options}
    return models.ForeignKey(to, django.db.models.deletion.PROTECT, **options)


def serial():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


class Migration(migrations.Migration):

    dependencies = [
        ('sla', "0022_escalation_fence"),
        ('tenancy', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Recalculation',
            fields=[
                ('id', serial()),
                ('scope', models.CharField(choices=SCOPES, max_length=10)),
                ('policy_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('reason', models.CharField(max_length=200)),
                ('status', models.CharField(choices=STATUSES, default='previewing', max_length=10)),
                ('catalogue', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('moved_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('cursor', models.BigIntegerField(default=0)),
                ('to_look_at', models.PositiveIntegerField(default=0)),
                ('looked_at', models.PositiveIntegerField(default=0)),
                ('to_apply', models.PositiveIntegerField(default=0)),
                ('applied', models.PositiveIntegerField(default=0)),
                ('applier', plain(settings.AUTH_USER_MODEL, null=True)),
                ('author', plain(settings.AUTH_USER_MODEL)),
                ('calendar', plain('sla.calendar', null=True)),
                ('tenant', plain('tenancy.tenant', editable=False)),
                ('undoes', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='sla.recalculation')),
            ],
            options={
                'permissions': [('recalculate_clocks', 'Can recalculate running clocks')],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='RecalculationLine',
            fields=[
                ('id', serial()),
                ('kind', models.CharField(choices=KINDS, max_length=10)),
                ('before_due_at', models.DateTimeField(null=True)),
                ('after_due_at', models.DateTimeField(null=True)),
                ('before_breached_at', models.DateTimeField(null=True)),
                ('after_breached_at', models.DateTimeField(null=True)),
                ('before_seconds', models.PositiveIntegerField()),
                ('after_seconds', models.PositiveIntegerField()),
                ('before', models.JSONField()),
                ('after', models.JSONField()),
                ('applied_at', models.DateTimeField(null=True)),
                ('after_calendar_version', plain('sla.calendarversion')),
                ('after_policy_version', plain('sla.policyversion', null=True)),
                ('before_calendar_version', plain('sla.calendarversion')),
                ('before_policy_version', plain('sla.policyversion', null=True)),
                ('clock', plain('sla.clock')),
                ('recalculation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='sla.recalculation')),
                ('tenant', plain('tenancy.tenant', editable=False)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='recalculation',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'applying')), fields=('tenant',), name='recalculation_applies_alone'),
        ),
        migrations.AddConstraint(
            model_name='recalculation',
            constraint=models.UniqueConstraint(condition=models.Q(('undoes__isnull', False)), fields=('undoes',), name='recalculation_undone_once'),
        ),
        migrations.AddIndex(
            model_name='recalculationline',
            index=models.Index(fields=['recalculation', 'id'], name='recalculation_lines'),
        ),
        migrations.AddConstraint(
            model_name='recalculationline',
            constraint=models.UniqueConstraint(fields=('recalculation', 'clock'), name='recalculation_clock_once'),
        ),
    ]
