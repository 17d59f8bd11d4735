from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0005_secret_addresses")]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="standing",
            field=models.CharField(
                choices=[
                    ("applicant", "Applicant"),
                    ("active", "Active member"),
                    ("lapsed", "Lapsed"),
                    ("removed", "Removed by moderators"),
                ],
                default="applicant",
                max_length=10,
                verbose_name="standing",
            ),
        ),
    ]
