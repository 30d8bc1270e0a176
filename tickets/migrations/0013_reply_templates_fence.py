"""Put the fence around words kept ready."""

from django.db import migrations

from nova.tenancy.operations import Fence


class Migration(migrations.Migration):
    dependencies = [("tickets", "0012_reply_templates")]
    operations = [Fence("tickets_replytemplate")]
