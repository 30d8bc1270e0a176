"""What is foreseen of tickets, and by what that was learned."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sla', "0017_feeds_point_within_their_tenant"),
        ('tenancy', '0001_initial'),
        ('tickets', '0015_room_for_updates'),
    ]

    operations = [
        migrations.CreateModel(
            name='PredictionModel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('method', models.CharField(choices=[('rule', 'Rule'), ('model', 'Model')], max_length=10)),
                ('is_current', models.BooleanField(default=True)),
                ('trained_at', models.DateTimeField()),
                ('window_from', models.DateTimeField(null=True)),
                ('window_to', models.DateTimeField(null=True)),
                ('finished', models.PositiveIntegerField(default=0)),
                ('breached', models.PositiveIntegerField(default=0)),
                ('verdict', models.CharField(max_length=250)),
                ('metrics', models.JSONField(default=dict)),
                ('parameters', models.JSONField(default=dict)),
                ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.tenant')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Prediction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('method', models.CharField(choices=[('rule', 'Rule'), ('model', 'Model')], max_length=10)),
                ('number', models.PositiveIntegerField(null=True)),
                ('probability', models.FloatField()),
                ('median_at', models.DateTimeField()),
                ('late_at', models.DateTimeField()),
                ('reasons', models.JSONField(default=list)),
                ('scored_at', models.DateTimeField()),
                ('risen_percent', models.PositiveSmallIntegerField(null=True)),
                ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.tenant')),
                ('ticket', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tickets.ticket')),
                ('model', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='sla.predictionmodel')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='PredictionSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('risk_percent', models.PositiveSmallIntegerField(default=70, help_text='From this probability of a breach on a ticket is at risk')),
                ('calm_percent', models.PositiveSmallIntegerField(default=60, help_text='Below this one it is at risk no longer')),
                ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.tenant')),
            ],
            options={
                'verbose_name': 'prediction settings',
                'verbose_name_plural': 'prediction settings',
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='predictionmodel',
            constraint=models.UniqueConstraint(fields=('tenant', 'number'), name='prediction_model_number_unique'),
        ),
        migrations.AddConstraint(
            model_name='predictionmodel',
            constraint=models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('tenant',), name='prediction_model_once'),
        ),
        migrations.AddIndex(
            model_name='prediction',
            index=models.Index(fields=['tenant', 'scored_at'], name='prediction_by_age'),
        ),
        migrations.AddConstraint(
            model_name='prediction',
            constraint=models.UniqueConstraint(fields=('ticket',), name='prediction_of_ticket'),
        ),
        migrations.AddConstraint(
            model_name='predictionsettings',
            constraint=models.UniqueConstraint(fields=('tenant',), name='prediction_settings_once'),
        ),
        migrations.AddConstraint(
            model_name='predictionsettings',
            constraint=models.CheckConstraint(condition=models.Q(('calm_percent__lte', models.F('risk_percent')), ('risk_percent__lte', 100)), name='prediction_calm_below_risk'),
        ),
    ]
