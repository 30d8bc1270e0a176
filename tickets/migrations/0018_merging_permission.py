"""Let roles say who merges duplicates."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0017_merging_within_the_tenant'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='ticket',
            options={'default_permissions': (), 'permissions': [('open_ticket', 'Can open tickets'), ('open_for_others', 'Can open tickets for other people'), ('view_ticket', 'Can read every ticket of the desk'), ('edit_ticket', 'Can edit tickets'), ('move_ticket', 'Can move tickets from stage to stage'), ('assign_ticket', 'Can assign tickets'), ('reply_ticket', 'Can reply to requesters'), ('note_ticket', 'Can write and read internal notes'), ('attach_file', 'Can attach files'), ('watch_ticket', 'Can watch tickets'), ('track_time', 'Can record working time'), ('merge_ticket', 'Can merge a duplicate into another ticket'), ('delete_ticket', 'Can delete and restore tickets'), ('bulk_edit_tickets', 'Can edit many tickets at once'), ('export_tickets', 'Can export tickets'), ('manage_desk', 'Can arrange categories, fields and settings of the desk'), ('view_vip_flag', 'Can see who is a VIP'), ('view_sla_adjustments', 'Can see how VIP status changes service levels')]},
        ),
    ]
