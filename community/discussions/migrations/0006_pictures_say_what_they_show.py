from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("discussions", "0005_merged_topics")]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="alt",
            field=models.CharField(blank=True, default="", max_length=300, verbose_name="what it shows"),
        ),
        migrations.AddField(
            model_name="attachment",
            name="width",
            field=models.PositiveSmallIntegerField(editable=False, null=True, verbose_name="width in pixels"),
        ),
        migrations.AddField(
            model_name="attachment",
            name="height",
            field=models.PositiveSmallIntegerField(editable=False, null=True, verbose_name="height in pixels"),
        ),
    ]
