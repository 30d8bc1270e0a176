"""Let roles say who reads reports about VIPs."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('vip', '0012_recognitions_fence'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='designation',
            options={'default_permissions': (), 'permissions': [('designate_vip', 'Can designate and revoke VIPs'), ('review_vip', 'Can confirm that VIPs still are ones'), ('manage_vip', 'Can arrange how VIPs are treated'), ('view_vip_reports', 'Can read reports about VIPs')]},
        ),
    ]
