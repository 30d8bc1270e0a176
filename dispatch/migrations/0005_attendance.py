"""The attendance service of a tenant, and what it said last of each engineer."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0003_rows_point_within_their_tenant'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AttendanceSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.URLField(max_length=500, verbose_name='address')),
                ('sealed_token', models.TextField(editable=False)),
                ('is_on', models.BooleanField(default=True, help_text='Off, everybody is at work by their shifts in Nova alone', verbose_name='is asked')),
                ('next_ask_at', models.DateTimeField(editable=False)),
                ('answered_at', models.DateTimeField(editable=False, null=True, verbose_name='last answer')),
                ('failed_at', models.DateTimeField(editable=False, null=True, verbose_name='last failure')),
                ('last_error', models.TextField(blank=True, editable=False, verbose_name='last error')),
                ('failures', models.PositiveIntegerField(default=0, editable=False, verbose_name='failures in a row')),
                ('lost_at', models.DateTimeField(editable=False, null=True)),
                ('named', models.PositiveIntegerField(default=0, editable=False, verbose_name='engineers named')),
                ('strangers', models.PositiveIntegerField(default=0, editable=False, verbose_name='others named')),
                ('remarks', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), blank=True, default=list, editable=False, size=None)),
                ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.tenant')),
            ],
            options={
                'verbose_name': 'attendance service',
                'verbose_name_plural': 'attendance service',
                'permissions': [('manage_attendance', 'Can arrange which attendance service is asked')],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='AttendanceState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on_duty', models.BooleanField(verbose_name='on duty')),
                ('since', models.DateTimeField(null=True, verbose_name='since')),
                ('until', models.DateTimeField(null=True, verbose_name='until')),
                ('back_at', models.DateTimeField(null=True, verbose_name='back')),
                ('said_at', models.DateTimeField(verbose_name='said')),
                ('engineer', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='attendance', to='dispatch.engineer')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='states', to='dispatch.attendancesource')),
                ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.tenant')),
            ],
            options={
                'verbose_name': 'attendance of an engineer',
                'verbose_name_plural': 'attendance of engineers',
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='attendancesource',
            constraint=models.UniqueConstraint(fields=('tenant',), name='attendance_source_once'),
        ),
        migrations.AddConstraint(
            model_name='attendancestate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('back_at', None), ('on_duty', True)), models.Q(('on_duty', False), ('since', None), ('until', None)), _connector='OR'), name='attendance_state_of_one_kind'),
        ),
    ]
